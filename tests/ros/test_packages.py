from __future__ import annotations

import ast
import tomllib
from typing import Any

import pytest
import yaml

from aisle.paths import REPOSITORY
from apps.processes import LIFECYCLE_NODES
from tests.ros.packages import PACKAGES, SOURCES, RosPackage, declared_parameters

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BRINGUP = SOURCES / "bringup"
LAUNCH = ast.parse((BRINGUP / "launch" / "robot.launch.py").read_text(encoding="utf-8"))
PARAMETERS: dict[str, Any] = yaml.safe_load((BRINGUP / "config" / "robot.yaml").read_text(encoding="utf-8"))
NODES = {
    declared_parameters(package.source_of(target))[0]: (package.name, executable, package.source_of(target))
    for package in PACKAGES
    for executable, target in package.executables.items()
}

each_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)


@each_package
def test_all_packaging_files_name_the_same_package(package: RosPackage) -> None:
    assert package.manifest.findtext("name") == package.name == package.setup["name"]
    assert package.manifest.findtext("version") == package.setup["version"] == PROJECT["version"]
    assert package.manifest.findtext("license") == package.setup["license"] == PROJECT["license"]
    assert package.manifest.findtext("description") == package.setup["description"]
    assert package.manifest.findtext("export/build_type") == "ament_python"
    assert (package.folder / "resource" / package.name).read_text() == ""
    assert f"$base/lib/{package.name}\n" in (package.folder / "setup.cfg").read_text()


@each_package
def test_every_maintainer_has_a_valid_address(package: RosPackage) -> None:
    """An invalid one makes colcon treat the package as plain Python without saying so."""
    (maintainer,) = package.manifest.findall("maintainer")
    name, at, domain = maintainer.attrib["email"].partition("@")
    assert name
    assert at
    assert "." in domain.strip(".")


@each_package
def test_every_module_is_installed(package: RosPackage) -> None:
    folders = {".".join(path.parent.relative_to(package.folder).parts) for path in package.modules()}
    assert set(package.setup["packages"]) == folders


@each_package
def test_every_installed_file_exists(package: RosPackage) -> None:
    for _, files in package.setup["data_files"]:
        for file in files:
            assert (package.folder / file).is_file(), file


@each_package
def test_everything_from_ros_that_is_imported_is_declared(package: RosPackage) -> None:
    names: set[str] = set()
    for path in package.modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module.partition(".")[0])
    from_ros = {
        name for name in names if name == "rclpy" or name.endswith(("_msgs", "_interfaces")) or name == "aisle_ros"
    }
    assert from_ros - {package.name} <= package.depends
    ours = {name for name in names if name.startswith("aisle_")} - {package.name}
    assert ours <= {"aisle_ros", "aisle_interfaces"}, "processes never import each other"


@each_package
def test_every_executable_has_its_main(package: RosPackage) -> None:
    for target in package.executables.values():
        function = target.partition(":")[2]
        names = [node.name for node in package.source_of(target).body if isinstance(node, ast.FunctionDef)]
        assert function in names


def test_every_node_of_the_lifecycle_has_an_executable() -> None:
    assert set(NODES) == {*LIFECYCLE_NODES, "lifecycle_manager"}


def launched() -> dict[str, tuple[str, str, set[str]]]:
    """Return node name -> (package, executable, parameters) of the launch file's calls of `_node`."""
    found: dict[str, tuple[str, str, set[str]]] = {}
    dictionaries = {
        getattr(node.targets[0], "id", ""): {str(ast.literal_eval(key)) for key in node.value.keys if key is not None}
        for node in ast.walk(LAUNCH)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    dictionaries["parameters"] = set()
    for call in ast.walk(LAUNCH):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_node":
            package, executable, *name = (str(ast.literal_eval(argument)) for argument in call.args)
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            for keyword in call.keywords:
                if keyword.arg is None:
                    given |= dictionaries[getattr(keyword.value, "id", "")]
            found[name[0] if name else executable] = (package, executable, given)
    return found


def test_the_launch_file_compiles_and_starts_every_node_from_its_package() -> None:
    compile(LAUNCH, "robot.launch.py", "exec")
    assert any(isinstance(node, ast.FunctionDef) and node.name == "generate_launch_description" for node in LAUNCH.body)
    starts = {name: (package, executable) for name, (package, executable, _) in launched().items()}
    assert starts == {name: (package, executable) for name, (package, executable, _) in NODES.items()}


def test_the_launch_file_gives_only_parameters_that_the_nodes_declare() -> None:
    for name, (_, _, given) in launched().items():
        assert given <= declared_parameters(NODES[name][2])[1], name


def test_the_parameter_file_speaks_of_nodes_and_parameters_that_exist() -> None:
    for name, section in PARAMETERS.items():
        if name != "/**":
            assert set(section["ros__parameters"]) <= declared_parameters(NODES[name][2])[1], name
    assert tuple(PARAMETERS["lifecycle_manager"]["ros__parameters"]["nodes"]) == LIFECYCLE_NODES


def test_every_parameter_without_a_use_at_its_default_is_given() -> None:
    """A node whose path is empty cannot configure: the launch file must name it."""
    for name, (_, _, given) in launched().items():
        declared = declared_parameters(NODES[name][2])[1]
        needed = declared & {"map", "robot", "store", "keys", "model", "start_x", "home_x"}
        assert needed <= given, name
