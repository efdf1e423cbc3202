"""Nodes as processes: what refuses to start says why, and the guard stops when the laser falls silent."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("aisle_interfaces.msg")

from aisle_interfaces.srv import EstimateIntent, Recommend
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist
from lifecycle_msgs.msg import Transition
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan
from std_msgs.msg import String

from aisle.messages.advice import Cause
from aisle.paths import demo_store_dir, reference_robot, var_dir
from aisle_ros.node import LATCHED_QOS, SENSOR_QOS
from catalogue.database import write_catalogue
from catalogue.replica import open_replica
from tests.catalogue.samples import BREAD, CATEGORIES, MILK, PRODUCTS, SOFT_DRINK
from tests.ros.live_nodes import (
    Listener,
    clock_message,
    node_command,
    ros_environment,
    round_room,
    running,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:module .sre_.* is deprecated:DeprecationWarning"),
]

CONFIGURE, ACTIVATE = Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE
TICK_S = 0.06
"""More than the guard's period of 0.05 s: every tick of the clock makes it decide."""


@pytest.mark.parametrize(
    ("module", "name", "parameters", "words"),
    [
        (
            "aisle_navigation.nodes.localization_node",
            "localization",
            {"map": "{tmp}/map.yaml", "robot": reference_robot()},
            ("{tmp}/map.yaml: cannot be read", "aisle store build"),
        ),
        (
            "aisle_navigation.nodes.guard_node",
            "collision_guard",
            {"robot": "{tmp}/robot.yaml"},
            ("{tmp}/robot.yaml: cannot be read",),
        ),
        (
            "aisle_inference.nodes.inference_node",
            "inference",
            {"store": "{tmp}", "model": "{tmp}"},
            ("{tmp}/catalogue.sqlite: there is no catalogue", "aisle store build"),
        ),
        (
            "aisle_gateway.nodes.gateway_node",
            "gateway",
            {"store": "{tmp}", "keys": "{tmp}"},
            ("{tmp}/catalogue.sqlite: there is no catalogue", "aisle store build"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." not in value else "",
)
def test_a_node_without_its_file_cannot_configure_and_names_it(
    listener: Listener, tmp_path: Path, module: str, name: str, parameters: dict[str, object], words: tuple[str, ...]
) -> None:
    given = {key: str(value).format(tmp=tmp_path) for key, value in parameters.items()}
    log = tmp_path / "node.log"
    with running(node_command(module, **given), log, ros_environment()):
        assert listener.state_of(name) == "unconfigured"
        assert not listener.change(name, CONFIGURE)
        assert listener.state_of(name) == "unconfigured"
    said = log.read_text()
    assert f"{name} cannot start" in said
    for part in words:
        assert part.format(tmp=tmp_path) in said
    assert "Traceback" not in said


class GuardWorld:
    """Clock, scan and wanted velocity around the guard; one tick lasts until the guard has decided."""

    def __init__(self, listener: Listener) -> None:
        self.now_s = 100.0
        self._listener = listener
        self._clock = listener.node.create_publisher(Clock, "/clock", 10)
        self._scan = listener.node.create_publisher(LaserScan, "/scan", SENSOR_QOS)
        self._wanted = listener.node.create_publisher(Twist, "/cmd_vel_nav", 1)
        self.sent = listener.listen(Twist, "/cmd_vel")
        self.states = listener.listen(String, "/guard_state", LATCHED_QOS)

    def meet(self) -> None:
        """Wait until the guard hears everything that is published here."""
        publishers = (self._clock, self._scan, self._wanted)
        self._listener.wait_for(
            lambda: all(publisher.get_subscription_count() > 0 for publisher in publishers),
            "the guard's subscriptions",
            60.0,
        )

    def tick(self, speed_mps: float, scan: bool) -> float:
        """Let simulated time pass and return the forward speed that the guard lets through."""
        self.now_s += TICK_S
        if scan:
            self._scan.publish(round_room(self.now_s))
        wanted = Twist()
        wanted.linear.x = speed_mps
        self._wanted.publish(wanted)
        before = len(self.sent)
        self._clock.publish(clock_message(self.now_s))
        self._listener.wait_for(lambda: len(self.sent) > before, "a decision of the guard")
        return float(self.sent[-1].linear.x)

    def tick_until(self, speed_mps: float, scan: bool, passed_mps: float, within_s: float) -> float:
        """Tick until this speed is let through; return the simulated seconds that took."""
        started_s = self.now_s
        while self.tick(speed_mps, scan) != pytest.approx(passed_mps):
            assert self.now_s - started_s < within_s, f"not {passed_mps} m/s within {within_s} s of simulated time"
        return self.now_s - started_s


def test_the_guard_needs_a_living_laser(listener: Listener, tmp_path: Path) -> None:
    command = node_command("aisle_navigation.nodes.guard_node", robot=reference_robot(), use_sim_time="true")
    with running(command, tmp_path / "guard.log", ros_environment()):
        assert listener.change("collision_guard", CONFIGURE)
        assert listener.change("collision_guard", ACTIVATE)
        world = GuardWorld(listener)
        world.meet()

        assert {world.tick(0.3, scan=False) for _ in range(20)} == {0.0}

        world.tick_until(0.3, scan=True, passed_mps=0.3, within_s=1.0)
        assert world.tick_until(0.3, scan=False, passed_mps=0.0, within_s=1.0) <= 1.0
        assert {world.tick(0.3, scan=False) for _ in range(10)} == {0.0}
        assert [state.data for state in world.states][-1] == "the laser scan is stale"

        world.tick_until(0.3, scan=True, passed_mps=0.3, within_s=1.0)


def test_a_guard_that_is_not_active_sends_nothing(listener: Listener, tmp_path: Path) -> None:
    command = node_command("aisle_navigation.nodes.guard_node", robot=reference_robot())
    diagnostics = listener.listen(DiagnosticArray, "/diagnostics")
    sent = listener.listen(Twist, "/cmd_vel")
    with running(command, tmp_path / "guard.log", ros_environment()):
        assert listener.change("collision_guard", CONFIGURE)
        listener.wait_for(lambda: len(diagnostics) >= 2, "diagnostics", 30.0)
        assert diagnostics[-1].status[0].message == "not active"
        assert sent == []


def test_without_a_model_the_adviser_answers_by_popularity_and_says_so(listener: Listener, tmp_path: Path) -> None:
    write_catalogue(tmp_path / "catalogue.sqlite", PRODUCTS, CATEGORIES)
    diagnostics = listener.listen(DiagnosticArray, "/diagnostics")
    command = node_command("aisle_inference.nodes.inference_node", store=tmp_path, model=tmp_path / "none")
    with running(command, tmp_path / "inference.log", ros_environment()):
        early = listener.call(Recommend, "/recommend", Recommend.Request(given=[MILK], limit=2))
        assert early.problem == "the adviser is not ready yet"
        assert listener.change("inference", CONFIGURE)
        assert listener.change("inference", ACTIVATE)
        answer = listener.call(Recommend, "/recommend", Recommend.Request(given=[MILK], limit=2))
        assert (list(answer.product_ids), answer.fallback, answer.problem) == ([SOFT_DRINK, BREAD], True, "")
        unknown = listener.call(Recommend, "/recommend", Recommend.Request(given=[999], limit=2))
        assert (list(unknown.product_ids), unknown.problem) == ([], "the catalogue has no product 999")
        too_much = listener.call(Recommend, "/recommend", Recommend.Request(given=[MILK], limit=51))
        assert too_much.problem == "the request cannot be read: Expected `int` <= 50 - at `$.limit`"
        listener.wait_for(
            lambda: bool(diagnostics) and diagnostics[-1].status[0].message.startswith("popularity only:"),
            "diagnostics",
        )
    assert "run `aisle train`" in (tmp_path / "inference.log").read_text()


def test_a_trained_adviser_serves_rankings_with_causes_and_what_shoppers_want(
    listener: Listener, tmp_path: Path
) -> None:
    store, kit = demo_store_dir(), var_dir() / "models" / "adviser"
    with open_replica(store / "catalogue.sqlite") as replica:
        given = [product.product_id for product in replica.products()[:4]]
    command = node_command("aisle_inference.nodes.inference_node", store=store, model=kit)
    with running(command, tmp_path / "inference.log", ros_environment()):
        assert listener.change("inference", CONFIGURE)
        assert listener.change("inference", ACTIVATE)
        answer = listener.call(Recommend, "/recommend", Recommend.Request(given=given))
        assert (answer.problem, answer.fallback, len(answer.product_ids)) == ("", False, 5)
        assert set(answer.because_ids) <= set(given)
        assert set(answer.causes) <= {cause.value for cause in Cause}
        odd = listener.call(Recommend, "/recommend", Recommend.Request(advice="guess"))
        assert odd.problem == "the request cannot be read: Invalid enum value 'guess' - at `$.advice`"
        wish = EstimateIntent.Request(session_json='{"events": [{"kind": "help_pressed", "at_s": 3.0}]}')
        wanted = listener.call(EstimateIntent, "/estimate_intent", wish)
        assert (wanted.problem, list(wanted.because)) == ("", [0])
        assert wanted.intent in ("", "do")
        broken = listener.call(EstimateIntent, "/estimate_intent", EstimateIntent.Request(session_json="{"))
        assert broken.problem.startswith("the session cannot be read")
