"""docs/base.md ties every stage and hazard to a test: those tests must be there."""

from __future__ import annotations

import ast
import re

import pytest

from aisle import paths

TEXT = (paths.REPOSITORY / "docs" / "base.md").read_text()
NAMED = sorted(set(re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", TEXT)))
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| (\d|5\.\d)", line)]


def functions(path: str) -> set[str]:
    tree = ast.parse((paths.REPOSITORY / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED}))
def test_every_named_test_is_there(path: str) -> None:
    assert {name for named, name in NAMED if named == path} <= functions(path)


def test_every_stage_and_hazard_names_a_test_or_says_why_not() -> None:
    assert len(ROWS) >= 30
    assert [row for row in ROWS if "::test_" not in row and "none: not software" not in row] == []
