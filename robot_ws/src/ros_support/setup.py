"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_ros"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[PACKAGE],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    description="What the ROS shells share: lifecycle node, message conversions, transforms.",
    license="Apache-2.0",
)
