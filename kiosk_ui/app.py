"""The kiosk process: `python -m kiosk_ui.app --store DIR --keys DIR`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from aisle import clock, paths
from catalogue.replica import ReplicaError
from kiosk_ui.shop import Shop, load_shop
from kiosk_ui.words import LANGUAGES
from store_model.manifest import CATALOGUE_FILE
from store_model.plan import PlanError
from store_model.planogram import PlanogramError

log = logging.getLogger("aisle.kiosk")


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk", description="Run the robot's touchscreen.")
    parser.add_argument("--store", type=Path, default=paths.demo_store_dir(), help="store directory: plan and shelves")
    parser.add_argument("--keys", type=Path, default=paths.var_dir() / "keys", help="folder of keys")
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
    return parser.parse_args(argv)


def _configure_kivy(size: str) -> None:
    """Keep Kivy from reading our arguments and from touching the home folder; must come before its import."""
    os.environ.setdefault("KIVY_HOME", str(paths.var_dir() / "kivy"))
    Path(os.environ["KIVY_HOME"]).mkdir(parents=True, exist_ok=True)
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_LOG_MODE="PYTHON")
    from kivy.config import Config

    width, height = (int(part) for part in size.split("x"))
    for section, key, value in (
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "maxfps", 30),
        ("graphics", "multisamples", 0),
        ("kivy", "exit_on_escape", 0),
        ("input", "mouse", "mouse,disable_multitouch"),
    ):
        Config.set(section, key, str(value))


def _take_touches(touch_port: int) -> None:
    from kivy.base import EventLoop

    from kiosk_ui.tuio import LoopbackTuio

    EventLoop.add_input_provider(LoopbackTuio(touch_port))


def _replica_shop(store_dir: Path, replica: Path) -> Shop | None:
    """Return the shop of the replica at hand; None without one that can be read."""
    try:
        return load_shop(store_dir, replica)
    except ReplicaError as error:
        log.warning("no catalogue yet: %s", error)
        return None


def _run(arguments: argparse.Namespace) -> int:
    replica = arguments.replica / CATALOGUE_FILE
    shop = _replica_shop(arguments.store, replica)
    _configure_kivy(arguments.size)
    from kiosk_ui.client import KioskThread
    from kiosk_ui.state import Kiosk
    from kiosk_ui.state_file import open_state
    from kiosk_ui.window import KioskApp

    state = open_state(arguments.state or arguments.replica.parent / "kiosk_state")
    kept = state.read()
    thread = KioskThread(arguments.keys, replica, state)
    kiosk = Kiosk(
        shop,
        lambda: uuid.uuid4().hex,
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
        _take_touches(arguments.touch_port)
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
