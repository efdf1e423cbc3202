"""The process of a kiosk that has no keys: `python -m kiosk_ui.pairing_app`, started by `aisle kiosk --pair HOST`.

It has a process of its own, so that the kiosk starts afterwards as it always does.
"""

from __future__ import annotations

import argparse
import logging
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from aisle import bus, joining
from aisle.channels import PortProblem
from aisle.messages import MalformedMessage
from aisle.messages.pairing import PairedRole
from kiosk_ui import opening
from kiosk_ui.pairing import PairingScreen
from kiosk_ui.words import LANGUAGES

log = logging.getLogger("aisle.kiosk.pairing")
ROLE = PairedRole.KIOSK_UI


class Asking:
    """Asks the store in a thread of its own, once for each `begin`."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._outcomes: queue.Queue[joining.Joining | str] = queue.Queue()

    def begin(self) -> None:
        """Start to ask; `outcome` tells how it ended."""
        threading.Thread(target=self._ask, name="pairing", daemon=True).start()

    def outcome(self) -> joining.Joining | str | None:
        """Return what the store answered, or a sentence why it did not; None while it is asked."""
        return None if self._outcomes.empty() else self._outcomes.get_nowait()

    def _ask(self) -> None:
        try:
            self._outcomes.put(joining.begin(ROLE, self._place))
        except (bus.BusError, MalformedMessage, PortProblem) as problem:
            log.warning("%s", problem)
            self._outcomes.put(str(problem))


def _keep(offered: joining.Joining, keys_dir: Path) -> None:
    """Write the keys, and fetch those of the robot that the kiosk talks to."""
    offered.keep(keys_dir)
    joining.fetch_other_keys(bus.Identity(ROLE.value, keys_dir))


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the kiosk has been paired, or its window is closed; return 0 when it has keys."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    parser = argparse.ArgumentParser(prog="kiosk --pair", description="Pair this kiosk by a code.")
    parser.add_argument("--keys", type=Path, required=True, help="folder that the keys are put into")
    parser.add_argument("--place", required=True, help="name of this kiosk in the store")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
    parser.add_argument("--screenshots", type=Path, help="write a picture of every new screen into this folder")
    parser.add_argument("--touch-port", type=int, metavar="N", help="take TUIO touches at 127.0.0.1:N (test rigs)")
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help="size of the window; the screen is scaled")
    return _run(parser.parse_args(sys.argv[1:] if argv is None else argv))


def _run(options: argparse.Namespace) -> int:
    opening.configure_kivy(options.size)
    from kiosk_ui.pairing_window import PairingApp

    screen, asking = PairingScreen(options.language), Asking(options.place)
    app = PairingApp(screen, asking, lambda offered: _keep(offered, options.keys), options.screenshots)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop())
    if options.touch_port is not None:
        opening.take_touches(options.touch_port)
    app.run()
    return 0 if joining.has_keys(options.keys, ROLE.value) else 1


if __name__ == "__main__":
    sys.exit(main())
