"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_bringup"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[PACKAGE],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
        (f"share/{PACKAGE}/launch", ["launch/robot.launch.py"]),
        (f"share/{PACKAGE}/config", ["config/robot.yaml"]),
    ],
    description="Lifecycle manager, robot description, launch file and parameters.",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"lifecycle_manager = {PACKAGE}.lifecycle_manager:main"]},
)
