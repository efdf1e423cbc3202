"""The list: what is on it, and what it costs."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_ui import basket
from kiosk_ui.basket import MOST_LINES, MOST_OF_ONE, Basket
from tests.kiosk_ui.play import BREAD, CUTLERY, MILK, UNKNOWN, little_shop

STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from([MILK, BREAD, CUTLERY])), max_size=60)


@given(steps=STEPS)
def test_the_list_counts_what_was_put_on_and_taken_off_and_never_less_than_nothing(
    steps: list[tuple[bool, int]],
) -> None:
    one, counted = Basket(), dict.fromkeys((MILK, BREAD, CUTLERY), 0)
    for is_put_on, product_id in steps:
        if is_put_on:
            one.add(product_id)
        else:
            one.take_off(product_id)
        counted[product_id] = max(0, counted[product_id] + (1 if is_put_on else -1))
    assert one.counts == {product_id: count for product_id, count in counted.items() if count}
    lines = basket.priced(one, little_shop())
    assert [line.product_id for line in lines] == sorted(one.counts)
    assert basket.total_cents(lines) == 199 * one.units


def test_a_list_has_an_end() -> None:
    one = Basket()
    assert [one.add(MILK) for _ in range(MOST_OF_ONE + 1)].count(False) == 1
    many = Basket()
    assert [many.add(number) for number in range(MOST_LINES + 1)].count(False) == 1
    assert many.add(0)


def test_what_the_catalogue_lost_is_not_sold() -> None:
    one = Basket({MILK: 1, UNKNOWN: 2})
    assert [line.product_id for line in basket.priced(one, little_shop())] == [MILK]
    assert basket.priced(one, None) == ()


def test_the_list_keeps_the_order_in_which_things_came() -> None:
    one = Basket()
    for product_id in (BREAD, MILK, BREAD):
        one.add(product_id)
    assert one.products == (BREAD, MILK)
