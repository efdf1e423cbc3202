"""How recommendations are judged: queries of four tasks, metrics over them, and intervals around the means."""
