"""Where things lie: the checkout, its configuration, and the folder for everything derived."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def config_dir() -> Path:
    """Return the folder of robot and store configuration."""
    return REPOSITORY / "config"


def var_dir() -> Path:
    """Return the folder for derived and recorded files; AISLE_VAR overrides it."""
    return Path(os.environ.get("AISLE_VAR", REPOSITORY / "var"))


def demo_store_dir() -> Path:
    """Return the built demo store."""
    return var_dir() / "stores" / "demo"


def reference_robot() -> Path:
    """Return the configuration file of the reference robot."""
    return config_dir() / "robots" / "reference.yaml"
