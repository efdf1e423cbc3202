"""The lint finds what the real parser lets pass."""

from __future__ import annotations

import pytest

from sim.scene.world_files import ROBOT_FOLDER, WORLD_FILE, world_texts
from sim.sdf.elements import ELEMENTS, PLUGINS
from sim.sdf.lint import lint
from sim.sdf.write import Flavour
from tests.sim.rooms import reference_robot, small_shop

ROBOT_FILE = f"{ROBOT_FOLDER}/model.sdf"
SHOP = small_shop()
TEXTS = world_texts(SHOP, reference_robot(), SHOP.home)


@pytest.mark.parametrize("flavour", Flavour)
def test_what_we_export_has_no_finding(flavour: Flavour) -> None:
    for name, text in world_texts(SHOP, reference_robot(), SHOP.home, flavour).items():
        if name.endswith(".sdf"):
            assert lint(text, name) == []


@pytest.mark.parametrize(
    ("right", "wrong", "parts"),
    [
        ("<friction>", "<fricton>", ["surface/fricton", "element <fricton>", "'friction'", "elem=collision"]),
        ("<update_rate>", "<updat_rate>", ["sensor[laser]", "'update_rate'", "elem=sensor"]),
        ("<max_angle>", "<maxangle>", ["horizontal/maxangle", "'max_angle'"]),
        ("<wheel_separation>", "<wheel_seperation>", ["setting <wheel_seperation>", "'wheel_separation'", "DiffDrive"]),
        ("::DiffDrive", "::DifDrive", ["plugin 'DifDrive'", "'DiffDrive'"]),
        ('<joint name="left_wheel_joint" type=', '<joint name="left_wheel_joint" typ=', ["attribute 'typ'", "'type'"]),
        ("<mass>", '<mass unit="g">', ["/inertial/mass", "attribute 'unit'"]),
        ("<radius>", "<xyzzy>", ["element <xyzzy>", "remove it, or add it to sim/sdf/elements.py"]),
        ('<link name="left_wheel_link"', '<link name="base_link"', ["'base_link' is taken", "choose another"]),
    ],
)
def test_a_mistake_is_found_with_file_path_and_the_nearest_known_name(right: str, wrong: str, parts: list[str]) -> None:
    text = TEXTS[ROBOT_FILE]
    assert right in text
    if not right.startswith("<") or right.endswith('"') or "type=" in right or "unit" in wrong:
        broken = text.replace(right, wrong, 1)
    else:
        broken = text.replace(right, wrong).replace(f"</{right[1:]}", f"</{wrong[1:]}")
    findings = lint(broken, "model.sdf")
    said = " ".join(map(str, findings))
    assert findings
    assert str(findings[0]).startswith(f"model.sdf:{findings[0].line}: /sdf/model[aisle_robot]")
    for part in parts:
        assert part in said


def test_findings_stand_at_their_line() -> None:
    broken = TEXTS[WORLD_FILE].replace("<cast_shadows>false</cast_shadows>", "<shadows>false</shadows>")
    (finding,) = lint(broken, "store.sdf")
    assert broken.splitlines()[finding.line - 1].strip() == "<shadows>false</shadows>"


@pytest.mark.parametrize("text", ["", "<sdf>", "<robot/>", '<!DOCTYPE sdf [<!ENTITY a "a">]><sdf/>'])
def test_what_is_no_sdf_is_one_finding(text: str) -> None:
    assert len(lint(text, "f.sdf")) == 1


def test_every_child_in_the_table_is_a_value_or_another_row() -> None:
    rows = {entry for known in ELEMENTS.values() for entry in known.entries().values()}
    unreachable = set(ELEMENTS) - rows - {"sdf"}
    assert not unreachable
    assert all(known.documentation.startswith("http") for known in (*ELEMENTS.values(), *PLUGINS.values()))
