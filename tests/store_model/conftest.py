from pathlib import Path

import pytest

from store_model.plan import StorePlan, load_plan
from tests.store_model import small_store

DEMO_CONFIG = Path(__file__).resolve().parents[2] / "config" / "stores" / "demo"


@pytest.fixture
def store_dir(tmp_path: Path) -> Path:
    """A faultless small store."""
    small_store.write_store(tmp_path)
    return tmp_path


@pytest.fixture
def small_plan(tmp_path: Path) -> StorePlan:
    return small_store.write_plan(tmp_path)


@pytest.fixture(scope="session")
def demo_plan() -> StorePlan:
    """The floor plan of the demo store, as committed."""
    return load_plan(DEMO_CONFIG)
