"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import find_packages, setup

PACKAGE = "aisle_inference"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=find_packages(include=[PACKAGE, f"{PACKAGE}.*"]),
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    description="The adviser: item associations, training, evaluation and the ONNX Runtime node.",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"inference = {PACKAGE}.nodes.inference_node:main"]},
)
