"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_perception"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[PACKAGE, f"{PACKAGE}.nodes"],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    description="People from the laser, tracked, and who stands at the screen.",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"perception = {PACKAGE}.nodes.perception_node:main"]},
)
