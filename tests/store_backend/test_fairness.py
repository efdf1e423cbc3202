"""What a shopper is worth only adds service: queue, price, safety and the floor of service know nothing of it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisle import messages
from aisle.messages import care, pickup, robot, store, till
from aisle.paths import REPOSITORY
from store_backend.extras import FLOOR, Service, services_for
from store_backend.tables import metadata

VALUES = st.none() | st.floats(-1e9, 1e9)
WORTH = ("store_backend.lifetime_value", "store_backend.extras")
# Only these may know: the models themselves and what is given on top.
MAY_KNOW = {"store_backend/lifetime_value.py", "store_backend/extras.py"}
PRODUCTION = (
    "aisle",
    "catalogue",
    "store_model",
    "store_backend",
    "kiosk_ui",
    "inference",
    "robot_ws",
    "firmware_bridge",
)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_nothing_that_serves_prices_or_drives_imports_what_a_shopper_is_worth() -> None:
    sources = [path for room in PRODUCTION for path in (REPOSITORY / room).rglob("*.py")]
    assert len(sources) > 200
    knowing = {str(path.relative_to(REPOSITORY)) for path in sources if imports_of(path) & set(WORTH)}
    assert knowing <= MAY_KNOW


WORDS = ("worth", "lifetime", "segment", "tier", "vip", "rank_of", "customer_value")


def test_no_message_can_carry_what_a_shopper_is_worth() -> None:
    kinds = [
        kind for module in (care, pickup, robot, store, till)
        for _name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, msgspec.Struct)
    ]  # fmt: skip
    names = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    assert {"call_key", "price_cents"} <= names
    assert not [name for name in names if any(word in name for word in WORDS)]
    assert messages.care.CallPerson in kinds


def test_no_table_keeps_what_a_shopper_is_worth() -> None:
    columns = {column.name for table in metadata.sorted_tables for column in table.columns}
    assert not [name for name in columns if any(word in name for word in WORDS)]


@given(VALUES)
def test_everybody_has_the_floor_of_service(value_cents: float | None) -> None:
    assert services_for(value_cents) >= FLOOR


@given(st.floats(-1e9, 1e9), st.floats(0.0, 1e9))
def test_a_higher_value_never_takes_a_service_away(value_cents: float, more_cents: float) -> None:
    assert services_for(value_cents) <= services_for(value_cents + more_cents)


def test_whoever_is_not_known_has_exactly_the_floor() -> None:
    assert services_for(None) == FLOOR


@pytest.mark.parametrize("service", sorted(set(Service) - FLOOR, key=lambda one: one.value))
def test_extras_are_no_place_in_a_queue_no_price_and_no_speed(service: Service) -> None:
    assert not any(word in service.value for word in ("queue", "first", "priority", "price", "discount", "speed"))
