"""Pictures of the screens that a short visit does not reach: the list with its number, and what the store remembers.

The kiosk's own core and painter and the store's own backend, in one process without a robot and without sockets:
`python -m apps.long_visit FOLDER` writes `list.png` and `memory.png`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from aisle import paths
from aisle.messages import Problem, memory
from aisle.messages.base import Message
from aisle.messages.memory import FactKind, Purpose, Source
from kiosk_ui.lanes import Outgoing
from kiosk_ui.layout import Scene
from kiosk_ui.opening import configure_kivy, export
from kiosk_ui.shop import Shop, load_shop
from kiosk_ui.state import Kiosk
from store_backend.backend import Backend
from store_backend.catalogue_file import open_catalogue
from store_backend.database import open_database
from store_backend.key_file import create_all_missing_keys, open_store_keys

_SIZE = "1920x1080"
_STEP_S, _PATIENCE_S = 0.1, 10.0
# Until then the window has its size.
_OPENED_S = 0.5
_DAY_S = 86_400.0
_BEGAN_UNIX_S = 1_790_000_000.0
_SHOPPER = "0" * 32
# What was bought so many days ago: places among the products that sell best.
_BOUGHT = {0: 3, 4: 10, 9: 17, 14: 24}


class VisitProblem(RuntimeError):
    """The visit did not go as it should; the sentence says where."""


@dataclass(slots=True)
class LongVisit:
    """A screen and a store; their time goes on only here. No robot answers."""

    shop: Shop
    backend: Backend
    now_s: float = _BEGAN_UNIX_S
    kiosk: Kiosk = field(init=False)

    def __post_init__(self) -> None:
        self.backend.clock = lambda: self.now_s
        self.kiosk = Kiosk(self.shop, lambda: uuid.uuid4().hex, "robot-1", "en", unix_s=lambda: self.now_s)
        self.wait(_STEP_S)

    def fill_the_list(self) -> None:
        """Put what sells best on the list and take it to the till."""
        self.touch("start", "suggestion:0", "put_on_list", "put_on_list", "home", "suggestion:1", "put_on_list")
        self.touch("home", "suggestion:2", "put_on_list", "my_list", "to_till")
        self.wait(1.0)

    def read_the_memory(self) -> None:
        """Let a phone say who stands there, and look at what the store remembers of them."""
        self._remember()
        self.touch("start", "remember", "phone_knows_me")
        self.wait(1.0)
        visit = self.kiosk.visit
        assert visit is not None
        self._tell("web", memory.Greet(token=visit.remembering.token, shopper_id=_SHOPPER))
        self.touch("see_memory")
        self.wait(1.0)

    def touch(self, *names: str) -> None:
        """Touch controls one after the other, each as soon as it is there. Raises VisitProblem."""
        for name in names:
            until_s = self.now_s + _PATIENCE_S
            while not self.kiosk.touch(name, self.now_s):
                if self.now_s > until_s:
                    controls = (one.name for one in self.kiosk.screen_state(self.now_s).controls)
                    raise VisitProblem(f"{name} is not on the screen, only {', '.join(controls)}")
                self.wait(_STEP_S)
            self.wait(_STEP_S)

    def wait(self, seconds: float) -> None:
        """Let time go on, and the store answer what the screen asks."""
        for _ in range(round(seconds / _STEP_S)):
            self.now_s += _STEP_S
            self.kiosk.tick(self.now_s)
            for outgoing in self.kiosk.take_requests():
                self.kiosk.answered(outgoing.token, self._reply(outgoing), self.now_s)

    def _reply(self, outgoing: Outgoing) -> Message | Exception:
        if outgoing.channel == "gateway":
            return TimeoutError("there is no robot")
        reply = self.backend.answer("kiosk_ui", outgoing.message)
        assert isinstance(reply, Message)
        return reply

    def _remember(self) -> None:
        """Keep what a shopper who said yes to two purposes has bought and wished for."""
        wordings = self._tell("web", memory.WordingsQuery(language=memory.Language.EN))
        assert isinstance(wordings, memory.Wordings)
        for purpose in (Purpose.HISTORY_FOR_ADVICE, Purpose.WISH_LIST):
            change = memory.ChangeConsent(
                change_key=uuid.uuid4().hex, shopper_id=_SHOPPER, purpose=purpose, given=True,
                wording_version=wordings.version, language=memory.Language.EN,
            )  # fmt: skip
            self._tell("web", change)
        for place, days in _BOUGHT.items():
            product = self.shop.products[self.shop.popular[place]]
            fact = memory.RememberFact(
                fact_key=uuid.uuid4().hex, shopper_id=_SHOPPER, kind=FactKind.PURCHASE, text=product.name,
                source=Source.TILL, product_id=product.product_id, happened_unix_s=self.now_s - days * _DAY_S,
            )  # fmt: skip
            self._tell("till", fact)

    def _tell(self, role: str, message: msgspec.Struct) -> msgspec.Struct:
        answer = self.backend.answer(role, message)
        if isinstance(answer, Problem):
            raise VisitProblem(f"the store refused {type(message).__name__}: {answer.sentence}")
        return answer


def scenes(folder: Path) -> tuple[Shop, dict[str, Scene]]:
    """Play a visit for each picture, in a new store in a folder; return the shop and what the screens show then."""
    store_dir = paths.demo_store_dir()
    shop = load_shop(store_dir)
    create_all_missing_keys(folder / "keys")
    shown: dict[str, Scene] = {}
    for name, play in (("list", LongVisit.fill_the_list), ("memory", LongVisit.read_the_memory)):
        engine = open_database(f"sqlite:///{folder / name}.sqlite")
        try:
            store_keys = open_store_keys(folder / "keys")
            visit = LongVisit(shop, Backend(engine, open_catalogue(store_dir), lambda: 0.0, store_keys))
            play(visit)
            shown[name] = visit.kiosk.scene(visit.now_s)
        finally:
            engine.dispose()
    return shop, shown


def main(argv: list[str]) -> int:
    """Write the pictures into a folder; a visit that goes wrong is one line and exit code 1."""
    (target,) = (Path(argument) for argument in argv)
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    configure_kivy(_SIZE)
    try:
        with tempfile.TemporaryDirectory(prefix="aisle-pictures-") as folder:
            _paint(*scenes(Path(folder)), target)
    except VisitProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _paint(shop: Shop, shown: dict[str, Scene], target: Path) -> None:
    from kivy.base import runTouchApp, stopTouchApp
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.widget import Widget

    from kiosk_ui.painter import Painter, background

    screen, painter = Widget(), Painter()
    painter.show_plan(shop.plan)

    def paint(_dt: float) -> None:
        for name, scene in shown.items():
            Window.clearcolor = background(scene)
            export(painter, screen, scene, Window.size, target / f"{name}.png")
        stopTouchApp()

    Clock.schedule_once(paint, _OPENED_S)
    runTouchApp(screen)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
