"""`aisle demo`: a whole store, live or in lockstep, with a window or with a scripted shopper who is scored."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from aisle import channels, paths
from aisle_firmware_bridge.firmware_build import build_firmware
from apps.demo_live import play_live, run_with_window
from apps.demo_report import Played, Visit, write_report
from apps.lockstep import build_store
from apps.processes import Site
from apps.supervisor import ToldToStop
from sim.people.wishes import typeable, wish_of
from sim.sensors.faults import everyday_faults
from store_model.geojson import PlanError
from store_model.plan import load_plan

VISIT_LIMIT_S = 420.0
STOPPED_BY_SIGNAL = 130
_MARK = ".aisle-run"


class DemoProblem(ValueError):
    """A demo that cannot be run as asked; the sentence says why."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What was asked for on the command line. Without files the sensors and the people are those of an ordinary day."""

    headless: bool = True
    seed: int = 1
    shoppers: int = 6
    product: str = ""
    lockstep: bool = False
    out: Path | None = None
    language: str = "en"
    speed: float = 1.0
    sensors: Path | None = None
    people: Path | None = None
    scenario: Path | None = None
    perfect_sensors: bool = False


def run_demo(options: DemoOptions, console: Console) -> int:
    """Run the demo; 0 means that it worked, and headless that the visit succeeded."""
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    headless = options.headless or options.lockstep or not has_display
    if headless and not options.headless and not options.lockstep:
        console.print("There is no display, so a scripted shopper plays the visit (as with --headless).")
    try:
        port_base = channels.port_base()
        site = demo_site(options, headless)
    except PlanError as problem:
        console.print(f"The store cannot be used: {problem}. Build it with `aisle store build`.", style="red")
        return 1
    except (DemoProblem, channels.PortProblem) as problem:
        console.print(str(problem), style="red", soft_wrap=True)
        return 1
    try:
        if not headless:
            return asyncio.run(run_with_window(site, port_base, console))
        played = _play_lockstep(site, console) if options.lockstep else _play_live(site, port_base, console)
    except ToldToStop:
        console.print("stopped")
        return STOPPED_BY_SIGNAL
    if played is None:
        return 1
    return 0 if write_report(site, played, console).success else 1


def demo_site(options: DemoOptions, headless: bool) -> Site:
    """Return the site of a run with an empty folder of its own. Raises PlanError and DemoProblem."""
    store_dir = paths.demo_store_dir()
    plan = load_plan(store_dir)
    wish = typeable(options.product or wish_of(options.seed))
    if not wish:
        raise DemoProblem(f"--product {options.product!r} has no letter that can be typed on the screen's keyboard")
    kind = "lockstep" if options.lockstep else "live"
    run_dir = (options.out or paths.var_dir() / "runs" / f"{kind}-{options.seed}").resolve()
    _make_run_dir(run_dir)
    return Site(
        store_dir=store_dir,
        keys_dir=paths.var_dir() / "keys",
        run_dir=run_dir,
        home=plan.home,
        dock=plan.dock,
        robot_config=paths.reference_robot(),
        model_dir=paths.var_dir() / "models" / "adviser",
        rules=paths.config_dir() / "stores" / "demo" / "advice.yaml",
        seed=options.seed,
        shoppers=options.shoppers,
        language=options.language,
        scripted=headless,
        script_product=wish,
        speed=options.speed,
        sensors=None if options.perfect_sensors else (options.sensors or everyday_faults()).resolve(),
        people=options.people.resolve() if options.people else None,
        scenario=options.scenario.resolve() if options.scenario else None,
    )


def _make_run_dir(run_dir: Path) -> None:
    """Make an empty folder for a run; only what an earlier run left is ever removed. Raises DemoProblem."""
    if run_dir.exists() and not run_dir.is_dir():
        raise DemoProblem(f"--out {run_dir} is a file; name a folder")
    if run_dir.exists() and any(run_dir.iterdir()):
        if not (run_dir / _MARK).exists():
            raise DemoProblem(f"--out {run_dir} holds something that is not from a demo run; name an empty folder")
        shutil.rmtree(run_dir)
    run_dir.mkdir(parents=True, exist_ok=True)
    (run_dir / _MARK).touch()


def _play_live(site: Site, port_base: int, console: Console) -> Played | None:
    """Play the visit with all processes."""
    return asyncio.run(play_live(site, port_base, VISIT_LIMIT_S, console, Visit()))


def _play_lockstep(site: Site, console: Console) -> Played:
    """Play the visit in one process."""
    store = build_store(site, build_firmware(paths.REPOSITORY / "build" / "firmware"), site.script_product)
    visit = Visit()
    with console.status("playing the visit in lockstep") as status:
        wall_s = store.run(visit, VISIT_LIMIT_S, lambda now_s, what: status.update(f"{now_s:5.0f} s  {what}"))
    return Played("lockstep", store.recording, visit.product_id, wall_s, store.fingerprint())
