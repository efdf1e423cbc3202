"""From a goal to its end: plan, drive, wait, recover, arrive or say why not."""
