"""Build as a ROS package with colcon; the root pyproject.toml installs the same modules for development."""

from setuptools import setup

PACKAGE = "aisle_inference"

setup(
    name=PACKAGE,
    version="0.1.0",
    packages=[
        PACKAGE,
        f"{PACKAGE}.advice",
        f"{PACKAGE}.baselines",
        f"{PACKAGE}.carried",
        f"{PACKAGE}.evaluation",
        f"{PACKAGE}.harness",
        f"{PACKAGE}.intent",
        f"{PACKAGE}.nodes",
        f"{PACKAGE}.purchases",
        f"{PACKAGE}.ranking",
        f"{PACKAGE}.training",
    ],
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{PACKAGE}"]),
        (f"share/{PACKAGE}", ["package.xml"]),
    ],
    description="The adviser: rankings learnt from purchases, true reasons, training, evaluation and the node.",
    license="Apache-2.0",
    entry_points={"console_scripts": [f"inference = {PACKAGE}.nodes.inference_node:main"]},
)
