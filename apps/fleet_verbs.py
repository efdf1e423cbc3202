"""`aisle fleet`: stop and release robots from the store, and give them tasks, as staff may."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from aisle.messages.robot import (
    AddTask,
    EndTask,
    LeaseQuery,
    ReleaseStop,
    StopQuery,
    StopRobots,
    StopState,
    TaskKind,
    TasksQuery,
)
from apps.care_verbs import Database, asking, console, print_table

fleet_app = typer.Typer(no_args_is_help=True, help="Stop and release robots from the store, and give them tasks.")
SomeRobot = Annotated[str, typer.Argument(help="The robot's name; without one all robots.")]
OneRobot = Annotated[str, typer.Argument(help="The robot's name, such as robot-1.")]


@fleet_app.command()
def stop(
    robot: SomeRobot = "",
    reason: Annotated[str, typer.Option(help="Why, for colleagues.")] = "",
    database: Database = "",
) -> None:
    """Stop one robot or all until somebody releases them here. The button on a robot is faster and safer."""
    with asking(database) as ask:
        _say(ask(StopRobots(robot_id=robot, reason=reason)))


@fleet_app.command()
def release(robot: SomeRobot = "", database: Database = "") -> None:
    """End the stop of one robot, or the stop of all; each ends by itself."""
    with asking(database) as ask:
        _say(ask(ReleaseStop(robot_id=robot)))


@fleet_app.command()
def show(robot: OneRobot, database: Database = "") -> None:
    """Show whether a robot is stopped, and which gateway commands it."""
    with asking(database) as ask:
        _say(ask(StopQuery(robot_id=robot)))
        lease = ask(LeaseQuery(robot_id=robot))
    console.print(f"commanded by {lease.owner or 'nobody'}, lease {lease.number}", markup=False, soft_wrap=True)


@fleet_app.command()
def send(
    kind: TaskKind,
    x_m: Annotated[float, typer.Argument(help="Metres in the map frame.")],
    y_m: Annotated[float, typer.Argument(help="Metres in the map frame.")],
    yaw_rad: Annotated[float, typer.Option(help="Which way the robot looks there.")] = 0.0,
    database: Database = "",
) -> None:
    """Want a robot somewhere: to a shopper, on patrol or at a charger. The store chooses which one goes."""
    task_id = uuid.uuid4().hex[:8]
    with asking(database) as ask:
        ask(AddTask(task_id=task_id, kind=kind, x_m=x_m, y_m=y_m, yaw_rad=yaw_rad))
    console.print(f"task {task_id}")


@fleet_app.command()
def tasks(database: Database = "") -> None:
    """List the tasks that are not over, with why a robot refused."""
    with asking(database) as ask:
        listed = ask(TasksQuery()).tasks
    rows = ((one.task_id, one.kind, f"{one.x_m:.1f}, {one.y_m:.1f}", one.state, one.robot_id, one.reason)
            for one in listed)  # fmt: skip
    print_table("tasks", ("task", "kind", "place (m)", "state", "robot", "reason"), rows)


@fleet_app.command()
def end(task: Annotated[str, typer.Argument(help="The task's name.")], database: Database = "") -> None:
    """Say that a task is not wanted any more; its robot gives it up within ten seconds."""
    with asking(database) as ask:
        told = ask(EndTask(task_id=task, is_done=False))
    console.print(f"task {told.task_id} is {told.state.value}")


def _say(state: StopState) -> None:
    who = state.robot_id or "all robots"
    held = f"stopped: {state.reason or 'no reason given'}" if state.is_stopped else "not stopped"
    console.print(f"{who}: {held}", markup=False, soft_wrap=True)
