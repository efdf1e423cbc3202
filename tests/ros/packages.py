"""The Python packages of the ROS workspace, read from their packaging files without running them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from aisle.paths import REPOSITORY

SOURCES = REPOSITORY / "robot_ws" / "src"
FOLDERS = (
    *(SOURCES / name for name in ("ros_support", "navigation", "perception", "behaviour", "gateway", "bringup")),
    REPOSITORY / "inference",
    REPOSITORY / "firmware_bridge",
)


@dataclass(frozen=True)
class RosPackage:
    """One package: its folder, its package.xml and what its setup.py gives to `setup`."""

    folder: Path
    manifest: ET.Element
    name: str
    setup: dict[str, Any]

    @property
    def depends(self) -> set[str]:
        return {str(element.text) for kind in ("depend", "exec_depend") for element in self.manifest.findall(kind)}

    @property
    def executables(self) -> dict[str, str]:
        """Return executable -> `module:function`."""
        scripts = self.setup.get("entry_points", {}).get("console_scripts", [])
        return {name.strip(): target.strip() for name, _, target in (script.partition("=") for script in scripts)}

    def modules(self) -> list[Path]:
        return sorted((self.folder / self.name).rglob("*.py"))

    def source_of(self, target: str) -> ast.Module:
        """Return the parsed module of an entry point."""
        path = self.folder / Path(*target.partition(":")[0].split(".")).with_suffix(".py")
        return ast.parse(path.read_text(encoding="utf-8"))


def read_package(folder: Path) -> RosPackage:
    tree = ast.parse((folder / "setup.py").read_text(encoding="utf-8"))
    name = next(
        str(ast.literal_eval(statement.value))
        for statement in tree.body
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "PACKAGE"
    )
    call = next(
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setup"
    )
    arguments = {str(keyword.arg): _value(keyword.value, name) for keyword in call.keywords}
    return RosPackage(folder, ET.parse(folder / "package.xml").getroot(), name, arguments)


def _value(node: ast.expr, package: str) -> Any:
    """Evaluate a literal in which PACKAGE may stand."""
    if isinstance(node, ast.Name):
        return package
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else package for part in node.values)  # type: ignore[misc]
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item, package) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {
            _value(key, package): _value(value, package)
            for key, value in zip(node.keys, node.values, strict=True)
            if key
        }
    return ast.literal_eval(node)


PACKAGES = tuple(read_package(folder) for folder in FOLDERS)


def declared_parameters(tree: ast.Module) -> tuple[str, set[str]]:
    """Return name and parameters that a node gives to ManagedNode."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__" and len(node.args) == 2:
            name, parameters = node.args
            assert isinstance(parameters, ast.Dict)
            return str(ast.literal_eval(name)), {str(ast.literal_eval(key)) for key in parameters.keys if key}
    raise AssertionError("no node in this module")
