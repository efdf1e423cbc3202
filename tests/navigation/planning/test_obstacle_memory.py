import numpy as np

from aisle.geometry import Pose2
from aisle_navigation.planning.obstacle_memory import ObstacleMemory

HERE = Pose2(5.0, 5.0, 0.0)


def test_near_things_are_remembered_once_and_far_ones_are_not() -> None:
    memory = ObstacleMemory(60.0)
    memory.see(np.array([[6.0, 5.1], [6.05, 5.12], [5.0, 20.0]]), HERE, 0.0)
    places = memory.places(1.0)
    assert len(places) == 1
    assert abs(places[0][0] - 6.0) < 0.25


def test_what_was_not_seen_again_is_forgotten() -> None:
    memory = ObstacleMemory(60.0)
    memory.see(np.array([[6.0, 5.1]]), HERE, 0.0)
    memory.see(np.array([[4.0, 5.1]]), HERE, 50.0)
    assert len(memory.places(55.0)) == 2
    assert len(memory.places(70.0)) == 1
    assert memory.places(200.0) == []
