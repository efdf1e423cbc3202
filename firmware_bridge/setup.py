"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_firmware_bridge"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[PACKAGE],
    package_data={PACKAGE: ["py.typed"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml", "PROTOCOL.md"]),
    ],
    description="Serial link to the base: protocol, watchdog, odometry and the ROS node.",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"bridge_node = {PACKAGE}.bridge_node:main"]},
)
