"""How bodies stand, walk, push and sit: turns of the bones about the body's own axes, and the skin that follows.

Axes: x ahead, y to the left, z up. A positive flexion lifts a thigh, an upper arm or the toes ahead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.baking.makehuman import BodyData, FloatArray

# Hip, knee and ankle over a gait cycle from heel strike, in eighths and degrees of flexion; rounded from the normal
# curves in Winter, "The biomechanics and motor control of human gait" (natural cadence).
HIP_DEG = (20.0, 15.0, 5.0, -5.0, -11.0, -2.0, 14.0, 21.0)
KNEE_DEG = (4.0, 19.0, 13.0, 6.0, 14.0, 45.0, 63.0, 27.0)
ANKLE_DEG = (0.0, -3.0, 5.0, 9.0, 4.0, -17.0, -5.0, 1.0)
PHASES = len(HIP_DEG)
_ARM_SWING_DEG, _ARM_AHEAD_DEG, _ELBOW_DEG = 20.0, 3.0, 22.0
_ARM_ABDUCTION_DEG = 9.0

Turns = Mapping[str, FloatArray]


def about_x(angle_deg: float) -> FloatArray:
    """Return the turn about the axis ahead."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])


def flexed(angle_deg: float) -> FloatArray:
    """Return the turn that brings a hanging limb ahead by that angle."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])


def standing(body: BodyData, heads: FloatArray, lean_deg: float) -> dict[str, FloatArray]:
    """Return the turns of somebody who stands, arms hanging."""
    return {**_trunk(lean_deg), **_arms(body, heads, (2.0, 0.0), (14.0, 10.0))}


def walking(body: BodyData, heads: FloatArray, lean_deg: float, phase: int) -> dict[str, FloatArray]:
    """Return the turns at an eighth of the gait cycle; the left heel strikes at 0."""
    swing = _ARM_SWING_DEG * math.cos(math.tau * phase / PHASES)
    ahead = (_ARM_AHEAD_DEG - swing, _ARM_AHEAD_DEG + swing)
    bent = (_ELBOW_DEG - 0.4 * swing, _ELBOW_DEG + 0.4 * swing)
    return {**_trunk(lean_deg + 2.0), **_stepping(phase), **_arms(body, heads, ahead, bent)}


def pushing(body: BodyData, heads: FloatArray, lean_deg: float, phase: int | None) -> dict[str, FloatArray]:
    """Return the turns with both hands on a handle, at an eighth of the gait cycle or standing."""
    legs = _stepping(phase) if phase is not None else {}
    return {**_trunk(lean_deg + 5.0), **legs, **_arms(body, heads, (30.0, 30.0), (40.0, 40.0))}


def sitting(body: BodyData, heads: FloatArray) -> dict[str, FloatArray]:
    """Return the turns of somebody in a wheelchair, forearms on the rests."""
    turns = {**_trunk(-8.0), "head": flexed(0.0), **_arms(body, heads, (12.0, 12.0), (62.0, 62.0))}
    for side in ("l", "r"):
        turns |= {f"thigh_{side}": flexed(84.0), f"calf_{side}": flexed(8.0), f"foot_{side}": flexed(0.0)}
    return turns


def _trunk(lean_deg: float) -> dict[str, FloatArray]:
    return {"spine_01": flexed(-0.5 * lean_deg), "spine_03": flexed(-lean_deg), "head": flexed(-0.2 * lean_deg)}


def _stepping(phase: int) -> dict[str, FloatArray]:
    turns: dict[str, FloatArray] = {}
    for side, number in (("l", phase), ("r", (phase + PHASES // 2) % PHASES)):
        thigh_deg = HIP_DEG[number]
        calf_deg = thigh_deg - KNEE_DEG[number]
        turns |= {
            f"thigh_{side}": flexed(thigh_deg),
            f"calf_{side}": flexed(calf_deg),
            f"foot_{side}": flexed(calf_deg + ANKLE_DEG[number]),
        }
    return turns


def _arms(
    body: BodyData, heads: FloatArray, ahead_deg: tuple[float, float], bent_deg: tuple[float, float]
) -> dict[str, FloatArray]:
    """Bring the arms down from the base mesh's spread pose, then ahead by so much, and the forearms further."""
    numbers = {bone.name: number for number, bone in enumerate(body.bones)}
    turns: dict[str, FloatArray] = {}
    for side, sign, ahead, bent in zip("lr", (1.0, -1.0), ahead_deg, bent_deg, strict=True):
        shoulder, elbow, wrist = (heads[numbers[f"{name}_{side}"]] for name in ("upperarm", "lowerarm", "hand"))
        down = about_x(sign * _ARM_ABDUCTION_DEG) @ np.array([0.0, 0.0, -1.0])
        straight = np.array([0.0, 0.0, -1.0])
        turns |= {
            f"upperarm_{side}": _turned_to(elbow - shoulder, flexed(ahead) @ down),
            f"lowerarm_{side}": _turned_to(wrist - elbow, flexed(ahead + bent) @ straight),
        }
    return turns


def _turned_to(before: FloatArray, after: FloatArray) -> FloatArray:
    """Return the smallest turn from one direction to another."""
    before, after = before / np.linalg.norm(before), after / np.linalg.norm(after)
    axis = np.cross(before, after)
    across = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    turn: FloatArray = np.eye(3) + across + across @ across / (1.0 + float(before @ after))
    return turn


def skinned(body: BodyData, vertices: FloatArray, heads: FloatArray, weights: FloatArray, turns: Turns) -> FloatArray:
    """Return the posed vertices by linear blend skinning.

    `turns` are the bones' whole turns in the body's axes; a bone that is not named turns with its parent.
    `vertices`, shape (n, 3), may be any points with `weights`, shape (n, bones); `heads`, shape (bones, 3), are the
    joints in the unposed body.
    """
    turn = np.zeros((len(body.bones), 3, 3))
    place = np.zeros((len(body.bones), 3))
    for number, bone in enumerate(body.bones):
        if bone.parent < 0:
            turn[number], place[number] = turns.get(bone.name, np.eye(3)), heads[number]
            continue
        turn[number] = turns.get(bone.name, turn[bone.parent])
        place[number] = place[bone.parent] + turn[bone.parent] @ (heads[number] - heads[bone.parent])
    moved = np.einsum("bij,nbj->nbi", turn, vertices[:, None, :] - heads[None]) + place[None]
    posed: FloatArray = np.einsum("nb,nbi->ni", weights, moved)
    return posed
