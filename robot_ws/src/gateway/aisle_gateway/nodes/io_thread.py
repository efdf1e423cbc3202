"""The gateway's one I/O thread: answers the kiosk, publishes the robot's view, reads the screen, talks to the store."""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import ExitStack
from pathlib import Path

from aisle import bus, channels, clock
from aisle.keys import KeyProblem
from aisle.messages.robot import RobotStatus
from aisle.messages.visit import RobotView, ScreenState
from aisle.server_keys import key_watch
from aisle_gateway.desk import Desk
from aisle_gateway.nodes.store_talk import StoreTalk
from aisle_gateway.store_line import StoreLine, StoreWord
from aisle_gateway.tasks import RobotReport

log = logging.getLogger(__name__)
_POLL_S = 0.02
SILENT_AFTER_S = 5.0
"""The thread turns many times a second; one that has not for so long hangs, and hears the store no more."""


class GatewayThread:
    """Runs between `start` and `stop`; hands over by queues only."""

    def __init__(self, keys_dir: Path, desk: Desk, line: StoreLine) -> None:
        self._identity = bus.Identity("gateway", keys_dir)
        self._desk = desk
        self._line = line
        self._word = line.word()
        self._turned_s = clock.boot_s()
        self._out: queue.Queue[RobotView | RobotStatus | RobotReport] = queue.Queue(maxsize=20)
        self._screens: queue.Queue[ScreenState] = queue.Queue(maxsize=20)
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-io", daemon=True)
        self.failure = ""

    def start(self) -> None:
        """Open the sockets. Raises RuntimeError in words when they cannot be opened."""
        self._thread.start()
        self._ready.wait(5.0)
        if self.failure:
            raise RuntimeError(self.failure)

    def stop(self) -> None:
        """Close the sockets and end the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def complaint(self) -> str:
        """Return why nothing is exchanged, or an empty string while the thread runs."""
        return self.failure or ("" if self._thread.is_alive() else "the gateway's I/O thread does not run")

    def store_word(self, now_s: float) -> StoreWord:
        """Return what the store wants of the robot at `now_s` (`clock.boot_s`).

        A thread that has ended or hangs would not hear that the task has become another robot's: then the stop alone
        is told, which silence never releases.
        """
        complaint = self.complaint()
        if not complaint and now_s - self._turned_s > SILENT_AFTER_S:
            complaint = "the gateway's I/O thread hangs"
        return StoreWord(stop=self._word.stop, complaint=complaint) if complaint else self._word

    def send(self, message: RobotView | RobotStatus | RobotReport) -> None:
        """Queue something for outside; when nobody takes it the oldest is dropped, because only the newest counts."""
        _put_newest(self._out, message)

    def newest_screen(self) -> ScreenState | None:
        """Return the newest screen state since the last call, or None."""
        newest = None
        while not self._screens.empty():
            newest = self._screens.get_nowait()
        return newest

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                self._serve(stack)
        except (bus.BusError, KeyProblem) as error:
            self.failure = str(error)
            log.error("gateway: %s", error)
        except Exception as error:
            # Nobody else would hear of it: an exception that ends a thread goes nowhere.
            self.failure = f"the gateway's I/O thread ended: {type(error).__name__}: {error}"
            log.exception("gateway: the I/O thread ended")
        finally:
            self._ready.set()

    def _serve(self, stack: ExitStack) -> None:
        server = stack.enter_context(bus.serve_requests(channels.GATEWAY, self._identity, self._desk.answer))
        views = stack.enter_context(bus.publisher(channels.ROBOT_VIEW, self._identity))
        screens = stack.enter_context(bus.subscriber(channels.SCREEN_STATE, self._identity))
        backend = stack.enter_context(bus.request_client(channels.BACKEND, self._identity))
        store = StoreTalk(backend, self._line)
        watch = stack.enter_context(key_watch(self._identity))
        self._ready.set()
        while not self._stop.is_set():
            server.poll(_POLL_S)
            watch.poll(clock.monotonic_s())
            self._look(screens)
            self._send_queued(views, store)
            store.turn()
            # One immutable object in place of another: the node's thread reads the one or the other.
            self._word, self._turned_s = self._line.word(), clock.boot_s()

    def _look(self, screens: bus.Subscriber) -> None:
        if not screens.update():
            return
        screen = screens.latest()
        if screen is not None:
            self._line.meet(screen.session_id)
            _put_newest(self._screens, screen)

    def _send_queued(self, views: bus.Publisher, store: StoreTalk) -> None:
        while not self._out.empty():
            message = self._out.get_nowait()
            match message:
                case RobotView():
                    views.publish(message)
                case RobotReport():
                    store.take(message)
                case RobotStatus():
                    store.tell(message)


def _put_newest(waiting: queue.Queue, message: object) -> None:  # type: ignore[type-arg]
    if waiting.full():
        waiting.get_nowait()
    waiting.put_nowait(message)
