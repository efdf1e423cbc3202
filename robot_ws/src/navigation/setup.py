"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_navigation"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[
        PACKAGE,
        f"{PACKAGE}.planning",
        f"{PACKAGE}.planning.kernels",
        f"{PACKAGE}.control",
        f"{PACKAGE}.localization",
        f"{PACKAGE}.localization.kernels",
        f"{PACKAGE}.collision_guard",
        f"{PACKAGE}.driving",
        f"{PACKAGE}.nodes",
    ],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    description="Localization, navigator and collision guard.",
    license="Apache-2.0",
    entry_points={
        "console_scripts": [
            f"localization = {PACKAGE}.nodes.localization_node:main",
            f"navigator = {PACKAGE}.nodes.navigator_node:main",
            f"collision_guard = {PACKAGE}.nodes.guard_node:main",
        ]
    },
)
