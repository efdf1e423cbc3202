"""A pilot's result as a table."""

from __future__ import annotations

from rich.table import Table

from aisle_inference.evaluation.comparison import PilotResult
from aisle_inference.evaluation.words import difference, figure


def pilot_table(result: PilotResult) -> Table:
    """Lay out the arms, their difference and what is missing."""
    table = Table("", "visits", "mean outcome", title="ranking beside popularity")
    table.add_row("control (popularity)", str(result.control_visits), figure(result.control))
    table.add_row("ranking", str(result.ranking_visits), figure(result.ranking))
    table.add_row("difference", "", "none" if result.difference is None else difference(result.difference))
    table.add_row("needed in each arm", "unknown" if result.needed is None else str(result.needed), "")
    table.add_row("split as planned, p", "", f"{result.mismatch_p:.4f}")
    return table
