import math

from aisle_interfaces.msg import VisitStatus
from aisle_interfaces.srv import Recommend
from geometry_msgs.msg import PoseStamped
from hypothesis import given
from hypothesis import strategies as st
from nav_msgs.msg import Path

from aisle.geometry import Pose2
from aisle.messages import Problem
from aisle.messages.advice import Advice, Cause, OwnPurchase, Recommended, RecommendRequest
from aisle.messages.robot import RobotStatus, Task, TaskKind, TaskState
from aisle.messages.visit import Screen, ScreenState, VisitState
from aisle_gateway import translate
from aisle_gateway.desk import ShelfPlace
from aisle_gateway.stop import StopWord
from aisle_gateway.tasks import RobotReport
from aisle_inference.nodes.translate import request_of
from aisle_ros import conversions


def response(**changes: object) -> Recommend.Response:
    parts = {
        "product_ids": [5, 6],
        "scores": [2.0, 1.0],
        "because_ids": [1, 2, 1],
        "because_counts": [2, 1],
        "reasons": ["a", "b"],
        "causes": ["basket", "own"],
        "every_days": [0, 14],
    }
    return Recommend.Response(**{**parts, **changes})


def test_recommendations_keep_their_order_reasons_and_causes() -> None:
    answer = translate.recommended(response())
    assert isinstance(answer, Recommended)
    assert [(item.product_id, item.because, item.reason) for item in answer.items] == [(5, (1, 2), "a"), (6, (1,), "b")]
    assert [(item.cause, item.every_days) for item in answer.items] == [(Cause.BASKET, 0), (Cause.OWN, 14)]


def test_a_wish_for_advice_is_carried_whole() -> None:
    bought = (OwnPurchase(product_id=4, ago_s=86400.0, quantity=2.0), OwnPurchase(product_id=5, ago_s=7.5))
    request = RecommendRequest(
        advice=Advice.HERE, given=(1, 2), category="milk", history=bought, refused=(3,), avoid=("nuts",),
        diets=("vegan",), may_buy_aged=True, visit="v", limit=7,
    )  # fmt: skip
    assert request_of(translate.recommend_request(request)) == request


def test_parts_that_do_not_fit_together_are_a_problem() -> None:
    for broken in (
        {"scores": [1.0]},
        {"because_counts": [3, 1]},
        {"reasons": ["a"]},
        {"causes": ["basket", "magic"]},
        {"every_days": []},
    ):
        assert isinstance(translate.recommended(response(**broken)), Problem)


def test_a_problem_is_passed_on_in_its_own_words() -> None:
    answer = translate.recommended(response(problem="the adviser is not ready yet"))
    assert isinstance(answer, Problem)
    assert answer.sentence == "the adviser is not ready yet"


def test_a_long_plan_is_thinned_and_hidden_without_a_tour() -> None:
    plan = Path(poses=[PoseStamped() for _ in range(1000)])
    status = VisitStatus(visit="guiding", tour_active=True, distance_left_m=3.5, session_id="s", product_id=7)
    view = translate.robot_view(status, Pose2(1.0, 2.0, 0.5), 0.4, plan)
    assert (view.visit, view.distance_left_m) == (VisitState.GUIDING, 3.5)
    assert 0 < len(view.path) <= 400
    assert (view.session_id, view.product_id) == ("s", 7)
    waiting = VisitStatus(visit="waiting", tour_active=False, distance_left_m=-1.0, product_id=7)
    rest = translate.robot_view(waiting, Pose2(1.0, 2.0, 0.5), 0.0, plan)
    assert (rest.distance_left_m, rest.path) == (None, ())
    assert (rest.session_id, rest.product_id) == ("", None)


def status_with(charge: float) -> RobotStatus:
    condition = translate.Condition(charge, localized=True, lease_number=3)
    return translate.robot_status("r1", VisitStatus(visit="waiting"), Pose2(1.0, 2.0, 0.5), condition, 9.0)


def test_the_store_hears_an_unknown_charge_as_unknown_and_never_as_empty() -> None:
    assert status_with(math.nan).battery_fraction is None
    assert [status_with(charge).battery_fraction for charge in (0.0, 0.4, 1.01)] == [0.0, 0.4, 1.0]
    assert status_with(0.4).lease_number == 3


def test_what_the_store_wants_reaches_ros_whole() -> None:
    stop = translate.store_stop(StopWord(True, "spilled milk"))
    assert (stop.stopped, stop.reason) == (True, "spilled milk")
    task = Task(task_id="t", kind=TaskKind.PATROL, x_m=1.0, y_m=2.0, yaw_rad=-1.0, state=TaskState.GIVEN)
    message = translate.store_task(task, 3.0)
    place = conversions.pose2(message.place.pose)
    assert (message.task_id, message.kind, message.place.header.frame_id) == ("t", "patrol", "map")
    assert place.distance_to(Pose2(1.0, 2.0, 0.0)) < 1e-9
    assert math.isclose(place.yaw_rad, -1.0)
    assert translate.store_task(None, 3.0).task_id == ""


def test_what_the_robot_says_of_its_task_reaches_the_store_line_whole() -> None:
    status = VisitStatus(
        visit="errand", session_id="s", tour_active=False, task_id="t", task_state="refused", task_reason="no way"
    )
    assert translate.robot_report(status) == RobotReport(VisitState.ERRAND, "", "t", "refused", "no way")
    status.tour_active = True
    assert translate.robot_report(status).tour_session == "s"


def test_a_status_grows_old() -> None:
    status = VisitStatus(visit="guiding")
    status.header.stamp = conversions.stamp(10.0)
    assert translate.age_s(status, 12.5) == 2.5


def test_an_unknown_word_for_the_visit_is_no_state() -> None:
    assert translate.visit_state(VisitStatus(visit="guiding")) is VisitState.GUIDING
    assert translate.visit_state(VisitStatus(visit="dancing")) is None


def test_tour_and_screen_reach_ros_whole() -> None:
    request = translate.tour_request("s", 7, ShelfPlace("bay", 2, Pose2(1.0, 2.0, -1.0)))
    assert conversions.pose2(request.shelf_pose.pose).distance_to(Pose2(1.0, 2.0, 0.0)) < 1e-9
    assert request.shelf_pose.header.frame_id == "map"
    message = translate.screen_message(ScreenState(screen=Screen.HOME, session_id="s", idle_s=1.5), 12.25)
    assert (message.screen, message.session_id, message.idle_s) == ("home", "s", 1.5)
    assert conversions.seconds(message.header.stamp) == 12.25


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-math.pi, math.pi))
def test_a_pose_comes_back_from_ros_as_it_was(x_m: float, y_m: float, yaw_rad: float) -> None:
    back = conversions.pose2(conversions.pose_message(Pose2(x_m, y_m, yaw_rad)))
    assert back.distance_to(Pose2(x_m, y_m, 0.0)) < 1e-9
    assert abs(math.remainder(back.yaw_rad - yaw_rad, math.tau)) < 1e-9


@given(st.floats(0.0, 1e9))
def test_a_stamp_comes_back_to_the_microsecond(time_s: float) -> None:
    assert abs(conversions.seconds(conversions.stamp(time_s)) - time_s) < 1e-6
