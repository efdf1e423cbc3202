"""What the parts of controller and localization are worth: each changed alone, among people, beside what there is."""

from __future__ import annotations

from benchmarks import trials_controller, trials_localization
from benchmarks.rows import Request, Row
from benchmarks.store_drive import open_shop

CROSSINGS, QUICK_CROSSINGS = 100, 10
RIDES, RIDE_S, QUICK_RIDE_S = 2, 60.0, 10.0


def run(request: Request) -> list[Row]:
    """Try every change. Raises BenchmarkProblem when the demo store, or the firmware, is not built."""
    shop = open_shop()
    crossings = QUICK_CROSSINGS if request.quick else CROSSINGS
    rows = [trial.row(crossings) for trial in trials_controller.TRIALS]
    rides = trials_localization.record(shop, 1 if request.quick else RIDES, QUICK_RIDE_S if request.quick else RIDE_S)
    return rows + [trial.row(shop, rides) for trial in trials_localization.TRIALS]
