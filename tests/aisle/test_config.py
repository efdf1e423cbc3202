from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Meta

from aisle.config import ConfigError, Settings, load
from aisle.paths import reference_robot
from aisle.robot_model import RobotModel


class Wheel(Settings):
    radius_m: Annotated[float, Meta(gt=0.0, le=0.5)]


class Cart(Settings):
    name: str
    wheels: tuple[Wheel, ...]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cart.yaml"
    path.write_text(text)
    return path


def test_reference_robot_loads() -> None:
    robot = load(reference_robot(), RobotModel)
    assert robot.limits.speed_mps == 1.0
    assert robot.base.radius_m == 0.25


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("name: a\nwheels: [{radius_m: 0.9}]", ["wheels[0].radius_m", "0.5", "0.9"]),
        ("name: a\nwheels: [{radius_m: big}]", ["wheels[0].radius_m", "float", "big"]),
        ("name: a\nwheels: []\nwheel: 3", ["wheel"]),
        ("wheels: []", ["name"]),
        ("name: [", ["not valid YAML"]),
    ],
)
def test_a_mistake_gives_one_line_with_file_key_value_and_limit(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path, Cart)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml", Cart)


def test_an_oversized_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="at most"):
        load(written(tmp_path, "name: " + "a" * 1_000_001), Cart)


def test_a_file_that_is_not_utf_8_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "cart.yaml"
    path.write_bytes("name: Käse".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"cart\.yaml: byte 7 is not UTF-8"):
        load(path, Cart)
