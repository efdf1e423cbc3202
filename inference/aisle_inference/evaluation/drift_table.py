"""The drift report as a table."""

from __future__ import annotations

from rich.table import Table

from aisle_inference.evaluation.drift import DriftReport, Verdict

_STYLES = {Verdict.STEADY: "green", Verdict.TOO_FEW: "dim", Verdict.LOOK: "yellow", Verdict.RETRAIN: "red"}


def drift_table(report: DriftReport) -> Table:
    """Lay out every reading with its limits and what it says."""
    title = f"{report.first_day} to {report.last_day}, {report.events} purchases in {report.trips} trips"
    table = Table("", "now", "look at", "retrain from", "limits", "says", "", title=title)
    for one in report.readings:
        says = f"[{_STYLES[one.verdict]}]{one.verdict.value}[/]"
        limits = (f"{one.look:.2f}", f"{one.retrain:.2f}", one.source)
        table.add_row(one.name, f"{one.value:.3f}", *limits, says, one.note)
    return table
