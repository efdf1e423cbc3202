"""ROS messages to ZeroMQ messages and back; nothing else is decided here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aisle_interfaces.msg import ScreenState as ScreenStateMessage
from aisle_interfaces.msg import StoreStop, StoreTask, VisitStatus
from aisle_interfaces.srv import Recommend, StartTour
from nav_msgs.msg import Path

from aisle.geometry import Pose2
from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Cause, Recommendation, Recommended, RecommendRequest
from aisle.messages.robot import RobotStatus, Task
from aisle.messages.visit import RobotView, ScreenState, VisitState
from aisle_gateway.desk import ShelfPlace
from aisle_gateway.stop import StopWord
from aisle_gateway.tasks import RobotReport
from aisle_ros import conversions

_MOST_PATH_POINTS = 200


def screen_message(state: ScreenState, now_s: float) -> ScreenStateMessage:
    """Return the kiosk's screen state for behaviour."""
    message = ScreenStateMessage(screen=state.screen.value, session_id=state.session_id, idle_s=float(state.idle_s))
    message.header.stamp = conversions.stamp(now_s)
    return message


def tour_request(session_id: str, product_id: int, place: ShelfPlace) -> StartTour.Request:
    """Return the order to lead a shopper."""
    request = StartTour.Request(session_id=session_id, product_id=product_id, bay_id=place.bay_id)
    request.shelf_pose = conversions.pose_stamped(place.stand_map, "map", 0.0)
    return request


def recommend_request(request: RecommendRequest) -> Recommend.Request:
    """Return the wish for advice."""
    return Recommend.Request(
        advice=request.advice.value,
        given=list(request.given),
        category=request.category,
        history_product_ids=[bought.product_id for bought in request.history],
        history_ago_s=[bought.ago_s for bought in request.history],
        history_quantities=[bought.quantity for bought in request.history],
        refused=list(request.refused),
        avoid=list(request.avoid),
        diets=list(request.diets),
        may_buy_aged=request.may_buy_aged,
        visit=request.visit,
        limit=request.limit,
    )


def recommended(response: Recommend.Response) -> Recommended | Problem:
    """Return ranked products; a response whose parts do not fit together is a problem, never guessed at."""
    if response.problem:
        return Problem(code=ProblemCode.FAILED, sentence=response.problem)
    counts = [int(count) for count in response.because_counts]
    aligned = (response.product_ids, response.scores, response.reasons, response.causes, response.every_days, counts)
    lengths = {len(each) for each in aligned}
    causes = {cause.value for cause in Cause}
    if len(lengths) != 1 or sum(counts) != len(response.because_ids) or not causes.issuperset(response.causes):
        return Problem(code=ProblemCode.FAILED, sentence="the adviser's answer is inconsistent; see its log")
    starts = [sum(counts[:index]) for index in range(len(counts))]
    items = tuple(
        Recommendation(
            product_id=int(product),
            score=float(score),
            reason=reason,
            because=tuple(int(cause) for cause in response.because_ids[start : start + count]),
            cause=Cause(cause),
            every_days=int(days),
        )
        for product, score, reason, cause, days, start, count in zip(
            response.product_ids,
            response.scores,
            response.reasons,
            response.causes,
            response.every_days,
            starts,
            counts,
            strict=True,
        )
    )
    return Recommended(items=items, fallback=response.fallback, note=response.note, arm=response.arm)


def visit_state(status: VisitStatus) -> VisitState | None:
    """Return the state of the visit; None for a word that this version does not know."""
    try:
        return VisitState(status.visit)
    except ValueError:
        return None


def age_s(status: VisitStatus, now_s: float) -> float:
    """Return seconds since behaviour wrote a status."""
    return float(now_s - conversions.seconds(status.header.stamp))


def robot_view(status: VisitStatus, pose: Pose2, speed_mps: float, plan: Path | None) -> RobotView:
    """Return what the screen shows of the robot; without a tour there is no path. The visit state must be known."""
    points = [(p.pose.position.x, p.pose.position.y) for p in plan.poses] if plan and status.tour_active else []
    stride = max(1, math.ceil(len(points) / _MOST_PATH_POINTS))
    return RobotView(
        visit=VisitState(status.visit),
        x_m=pose.x_m,
        y_m=pose.y_m,
        yaw_rad=pose.yaw_rad,
        speed_mps=speed_mps,
        distance_left_m=status.distance_left_m if status.distance_left_m >= 0.0 else None,
        sentence=status.sentence,
        path=tuple(points[::stride]),
        session_id=status.session_id if status.tour_active else "",
        product_id=int(status.product_id) if status.tour_active else None,
    )


def store_stop(word: StopWord) -> StoreStop:
    """Return the store's stop for the guard and behaviour."""
    return StoreStop(stopped=word.is_stopped, reason=word.reason)


def store_task(task: Task | None, now_s: float) -> StoreTask:
    """Return the store's task for behaviour; an empty one for none."""
    if task is None:
        return StoreTask()
    place = conversions.pose_stamped(Pose2(task.x_m, task.y_m, task.yaw_rad), "map", now_s)
    return StoreTask(task_id=task.task_id, kind=task.kind.value, place=place)


def robot_report(status: VisitStatus) -> RobotReport:
    """Return what the robot says of itself to the store line. The visit state must be known."""
    return RobotReport(
        doing=VisitState(status.visit),
        tour_session=status.session_id if status.tour_active else "",
        task_id=status.task_id,
        task_state=status.task_state,
        task_reason=status.task_reason,
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """How the robot does beside its visit; a charge of NaN is not known."""

    battery_fraction: float = math.nan
    localized: bool = False
    lease_number: int = 0


def robot_status(
    robot_id: str, status: VisitStatus, pose: Pose2, condition: Condition, sent_unix_s: float
) -> RobotStatus:
    """Return what the store's backend keeps of a robot. The visit state must be known."""
    charge = condition.battery_fraction
    return RobotStatus(
        robot_id=robot_id,
        sent_unix_s=sent_unix_s,
        visit=VisitState(status.visit),
        x_m=pose.x_m,
        y_m=pose.y_m,
        yaw_rad=pose.yaw_rad,
        battery_fraction=min(1.0, max(0.0, charge)) if math.isfinite(charge) else None,
        localized=condition.localized,
        lease_number=condition.lease_number,
    )
