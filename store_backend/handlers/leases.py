"""Who may command a robot, and stops that only staff end."""

from __future__ import annotations

from aisle.messages import Problem, ProblemCode
from aisle.messages.robot import (
    Lease,
    LeaseQuery,
    ReleaseStop,
    ReturnLease,
    StopQuery,
    StopRobots,
    StopState,
    TakeLease,
)
from store_backend.records.leases import ALL_ROBOTS, StopRow
from store_backend.unit_of_work import UnitOfWork


def take(command: TakeLease, work: UnitOfWork) -> Lease | Problem:
    """Give a robot to one owner for a while, or longer to the one who has it."""
    expires_unix_s = work.now_unix_s + command.lease_s
    if work.leases.find(command.robot_id) is None:
        work.leases.add(command.robot_id, command.owner, expires_unix_s)
    elif not work.leases.take(command.robot_id, command.owner, expires_unix_s, work.now_unix_s):
        present = _lease(command.robot_id, work)
        left_s = present.expires_unix_s - work.now_unix_s
        sentence = f"{present.owner} commands the robot {command.robot_id} for {left_s:.0f} s more; ask again then"
        return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)
    return _lease(command.robot_id, work)


def give_back(command: ReturnLease, work: UnitOfWork) -> Lease:
    """End a lease of this owner; of another's nothing changes."""
    work.leases.give_back(command.robot_id, command.owner)
    return _lease(command.robot_id, work)


def tell_lease(command: LeaseQuery, work: UnitOfWork) -> Lease:
    """Say who commands a robot."""
    return _lease(command.robot_id, work)


def stop(command: StopRobots, work: UnitOfWork) -> StopState:
    """Latch a stop; the first reason stays."""
    if not any(one.robot_id == command.robot_id for one in work.leases.stops()):
        work.leases.add_stop(StopRow(command.robot_id, command.reason, work.now_unix_s))
    return stop_state(command.robot_id, work)


def release_stop(command: ReleaseStop, work: UnitOfWork) -> StopState:
    """End one stop, and say whether another one still holds."""
    work.leases.remove_stop(command.robot_id)
    return stop_state(command.robot_id, work)


def tell_stop(command: StopQuery, work: UnitOfWork) -> StopState:
    """Say whether a robot must stand still."""
    return stop_state(command.robot_id, work)


def stop_state(robot_id: str, work: UnitOfWork) -> StopState:
    """Return the oldest stop that holds for a robot."""
    holding = next((one for one in work.leases.stops() if one.robot_id in (robot_id, ALL_ROBOTS)), None)
    if holding is None:
        return StopState(robot_id=robot_id, is_stopped=False)
    return StopState(robot_id=robot_id, is_stopped=True, since_unix_s=holding.since_unix_s, reason=holding.reason)


def replaced(robot_id: str, number: int, work: UnitOfWork) -> Problem | None:
    """Say that a command comes from somebody who was replaced, or never commanded a robot that has an owner (fencing).

    A robot without an owner takes commands from every gateway.
    """
    present = _lease(robot_id, work)
    if not present.owner or present.number == number:
        return None
    sentence = f"{present.owner} commands the robot {robot_id} under lease {present.number}; {number} counts no more"
    return Problem(code=ProblemCode.NOT_NOW, sentence=sentence)


def _lease(robot_id: str, work: UnitOfWork) -> Lease:
    row = work.leases.find(robot_id)
    if row is None or row.expires_unix_s <= work.now_unix_s:
        return Lease(robot_id=robot_id, owner="", number=0 if row is None else row.number, expires_unix_s=0.0)
    return Lease(robot_id=robot_id, owner=row.owner, number=row.number, expires_unix_s=row.expires_unix_s)
