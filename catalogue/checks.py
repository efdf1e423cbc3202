"""Everything that can be wrong in a store directory, each fault with its place: `aisle store check DIR`."""

from __future__ import annotations

from pathlib import Path

from aisle.config import load
from aisle.paths import reference_robot
from aisle.robot_model import RobotModel
from catalogue.replica import ReplicaError, open_replica
from store_model.checks import Fault, check_model
from store_model.manifest import CATALOGUE_FILE


def check_store(store_dir: Path, robot_file: Path | None = None) -> list[Fault]:
    """Return every fault of a store directory; an empty list means that it can be used.

    Shelf poses are tested with the robot of `robot_file`, the reference robot if None. Raises ConfigError for a bad
    robot file only: whatever is wrong with the store is in the list.
    """
    robot = load(robot_file or reference_robot(), RobotModel)
    product_ids, faults = _product_ids(store_dir / CATALOGUE_FILE)
    return check_model(store_dir, product_ids, robot.base.radius_m) + faults


def _product_ids(path: Path) -> tuple[frozenset[int] | None, list[Fault]]:
    if not path.is_file():
        return None, []
    try:
        with open_replica(path) as replica:
            return frozenset(product.product_id for product in replica.products()), []
    except ReplicaError as error:
        return None, [Fault(str(path), str(error).removeprefix(f"{path}: "))]
