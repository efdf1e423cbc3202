"""The kiosk process: `python -m kiosk_ui.app --store DIR --keys DIR`."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from aisle import clock, joining, paths
from catalogue.replica import ReplicaError
from kiosk_ui.opening import configure_kivy, take_touches
from kiosk_ui.shop import Shop, load_shop
from kiosk_ui.words import LANGUAGES
from store_model.manifest import CATALOGUE_FILE
from store_model.plan import PlanError
from store_model.planogram import PlanogramError

log = logging.getLogger("aisle.kiosk")


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk", description="Run the robot's touchscreen.")
    parser.add_argument("--store", type=Path, default=paths.demo_store_dir(), help="store directory: plan and shelves")
    parser.add_argument("--keys", type=Path, help="folder of keys (default: the store's own, or with --pair its own)")
    parser.add_argument("--robot-id", default="robot-1")
    parser.add_argument(
        "--replica",
        type=Path,
        default=paths.var_dir() / "kiosk" / "replica",
        help="folder for the kiosk's own copy of the catalogue",
    )
    parser.add_argument(
        "--state", type=Path, help="folder for what must outlive this process (default: beside the catalogue's copy)"
    )
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
    parser.add_argument("--screenshots", type=Path, help="write a picture of every new screen into this folder")
    parser.add_argument("--touch-port", type=int, metavar="N", help="take TUIO touches at 127.0.0.1:N (test rigs)")
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help="size of the window; the screen is scaled")
    parser.add_argument(
        "--pair", metavar="HOST", help="the store's computer; without keys, show a code to pair by first"
    )
    parser.add_argument("--place", default=joining.default_place(), help="name of this kiosk in the store, for --pair")
    arguments = parser.parse_args(argv)
    if arguments.keys is None:
        arguments.keys = joining.paired_keys_dir() if arguments.pair else paths.var_dir() / "keys"
    return arguments


def _pair(arguments: argparse.Namespace) -> bool:
    """Show the code in a window of its own until this kiosk has keys; False when the window was closed before."""
    os.environ["AISLE_BACKEND_HOST"] = arguments.pair
    if joining.has_keys(arguments.keys, "kiosk_ui"):
        return True
    given = {
        "--keys": arguments.keys,
        "--place": arguments.place,
        "--language": arguments.language,
        "--size": arguments.size,
        "--screenshots": arguments.screenshots,
        "--touch-port": arguments.touch_port,
    }
    options = [str(part) for option, value in given.items() if value is not None for part in (option, value)]
    return subprocess.call([sys.executable, "-m", "kiosk_ui.pairing_app", *options]) == 0


def _replica_shop(store_dir: Path, replica: Path) -> Shop | None:
    """Return the shop of the replica at hand; None without one that can be read."""
    try:
        return load_shop(store_dir, replica)
    except ReplicaError as error:
        log.warning("no catalogue yet: %s", error)
        return None


def _run(arguments: argparse.Namespace) -> int:
    if arguments.pair and not _pair(arguments):
        return 1
    replica = arguments.replica / CATALOGUE_FILE
    shop = _replica_shop(arguments.store, replica)
    configure_kivy(arguments.size)
    from kiosk_ui.client import KioskThread
    from kiosk_ui.state import Kiosk
    from kiosk_ui.state_file import open_state
    from kiosk_ui.window import KioskApp

    state = open_state(arguments.state or arguments.replica.parent / "kiosk_state")
    kept = state.read()
    thread = KioskThread(arguments.keys, replica, state)
    kiosk = Kiosk(
        shop,
        lambda: secrets.token_hex(16),
        arguments.robot_id,
        arguments.language,
        keep=thread.keep,
        kept=kept,
        unix_s=clock.wall_s,
    )
    thread.start()
    app = KioskApp(kiosk, thread, lambda path: load_shop(arguments.store, path), arguments.screenshots)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop())
    if arguments.touch_port is not None:
        take_touches(arguments.touch_port)
    try:
        app.run()
    finally:
        thread.stop()
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run until the window is closed or SIGTERM; return 0 after a clean end, 1 with one line in the log otherwise."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        return _run(_arguments(sys.argv[1:] if argv is None else argv))
    except (PlanError, PlanogramError, RuntimeError) as error:
        log.error("%s", error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
