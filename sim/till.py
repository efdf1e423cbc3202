"""A till as a process of its own: takes one basket, sells it or gives it back, and ends when the store has heard of it.

It stands in for a shop's real tills, which speak the same messages. It takes no money and knows no card.
"""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from aisle import bus, channels, clock
from aisle.keys import KeyProblem
from aisle.messages import MalformedMessage
from sim.till_core import Asked, Closed, Decide, Sold, TillState, after, by_own_prices, request_of
from sim.till_faults import Fault, FaultyLine, Line, StoreLine
from sim.till_journal import Journal

log = logging.getLogger(__name__)
EXIT_SOLD, EXIT_NOT_SOLD, EXIT_OPEN = 0, 3, 4
_TRY_S = 0.4


@dataclass(frozen=True, slots=True)
class Till:
    """One till: its name, its memory, and how it decides."""

    till_id: str
    journal: Journal
    decide: Decide

    def step(self, state: TillState, line: Line) -> TillState:
        """Say what is to be said in this state, and write down what the answer means."""
        assert not isinstance(state, Closed)
        stage, request = request_of(state, self.till_id)
        try:
            answer = line.ask(stage, request)
        except (bus.Unreachable, MalformedMessage) as problem:
            log.warning("%s of %s: no answer (%s), asking again", stage, state.basket_id, problem)
            return state
        next_state = after(state, answer, self.till_id, self._next_sale_id(), self.decide)
        if next_state is not state:
            self.journal.write(next_state)
        return next_state

    def _next_sale_id(self) -> str:
        sales = sum(isinstance(state, Sold) for state in self.journal.states())
        return f"{self.till_id}-{sales + 1}"


def handle(till: Till, basket_id: str, line: Line, give_up_s: float) -> TillState:
    """Go on with a basket from where the journal says, until it is closed or the time is over."""
    state = till.journal.last_of(basket_id) or Asked(basket_id=basket_id)
    until_s = clock.monotonic_s() + give_up_s
    while not isinstance(state, Closed) and clock.monotonic_s() < until_s:
        state = till.step(state, line)
    return state


def main(argv: list[str] | None = None) -> int:
    """Handle one basket; the exit code says how it ended: 0 sold, 3 not sold, 4 still open."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    prices = {int(one): int(cents) for one, cents in (text.split(":") for text in options.price)}
    till = Till(options.till, Journal(options.journal), by_own_prices(prices, is_willing=not options.refuse))
    fault, _, stage = options.fault.partition("@")
    try:
        with bus.request_client(channels.BACKEND, bus.Identity("till", options.keys)) as client:
            line = FaultyLine(
                StoreLine(client, f"{options.till}/{options.basket}", _TRY_S),
                Fault(fault),
                stage or "take",
                options.times,
            )
            state = handle(till, options.basket, line, options.give_up_s)
    except (bus.KeyRefused, KeyProblem) as problem:
        sys.stderr.write(f"till: {problem}\n")
        return 1
    if isinstance(state, Closed):
        return EXIT_SOLD if state.is_sold else EXIT_NOT_SOLD
    return EXIT_OPEN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sim.till", description="A simulated till.")
    parser.add_argument("--keys", type=Path, required=True, help="folder of CURVE keys")
    parser.add_argument("--journal", type=Path, required=True, help="file of the till's own memory")
    parser.add_argument("--till", default="till-1", help="name of the till")
    parser.add_argument("--basket", required=True, help="number of the basket, as scanned from the shopper")
    parser.add_argument("--price", action="append", default=[], help="its own price, PRODUCT:CENTS; may be repeated")
    parser.add_argument("--refuse", action="store_true", help="give every basket back")
    parser.add_argument("--fault", default="none", help="FAULT@STAGE, such as lost_reply@sell (sim/till_faults.py)")
    parser.add_argument("--times", type=int, default=1, help="how often the fault happens")
    parser.add_argument("--give-up-s", type=float, default=60.0, help="end with code 4 after so long")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
