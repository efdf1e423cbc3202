"""Evaluation: how good a shop's adviser is and for whom, whether its data has drifted, and what a pilot has shown."""
