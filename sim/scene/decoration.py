"""What makes the simulated store look like one: goods on the shelves, tiles, and the light of the room.

Only models for pictures and cameras get it; the physics does without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import mujoco
import numpy as np
import numpy.typing as npt

from sim.scene.layout import Layout
from sim.scene.mjcf import PICTURE
from sim.scene.spots import BROWSE_DISTANCE_M, Spot

_BAY_WIDTH_M, _BAY_BOTTOM_M, _BAY_TOP_M = 1.0, 0.1, 0.15
_VARIANTS, _TEXTURE_PX = 8, 256
_SHELVES = 5
# Rows of lamps light from several sides; the world's own light is one of them.
_MORE_LIGHT = (([-0.3, -0.2, -0.7], 0.16), ([0.1, -0.5, -0.5], 0.16))


def decorate(spec: mujoco.MjSpec, layout: Layout) -> None:
    """Give the spec of a picture tiles, a sky and goods on every shelf."""
    _add_sky(spec)
    _add_tiles(spec)
    shelves = [spot for spot in layout.spots if not spot.is_till]
    for number in range(_VARIANTS):
        bays = [spot for place, spot in enumerate(shelves) if place * 5 % _VARIANTS == number]
        if bays:
            _add_goods(spec, number, bays)


def _add_sky(spec: mujoco.MjSpec) -> None:
    headlight = spec.visual.headlight
    headlight.ambient, headlight.diffuse, headlight.specular = [0.40] * 3, [0.15] * 3, [0.05] * 3
    for direction, strength in _MORE_LIGHT:
        spec.worldbody.add_light(
            type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, pos=[0.0, 0.0, 10.0], dir=direction,
            diffuse=[strength] * 3, specular=[0.0] * 3, castshadow=False,
        )  # fmt: skip
    sky = spec.add_texture(name="sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, width=64, height=384)
    sky.builtin, sky.rgb1, sky.rgb2 = mujoco.mjtBuiltin.mjBUILTIN_GRADIENT, [0.93, 0.95, 0.97], [0.75, 0.80, 0.85]


def _add_tiles(spec: mujoco.MjSpec) -> None:
    tiles = spec.add_texture(name="tiles", type=mujoco.mjtTexture.mjTEXTURE_2D, width=256, height=256)
    tiles.builtin, tiles.rgb1, tiles.rgb2 = mujoco.mjtBuiltin.mjBUILTIN_FLAT, [0.87, 0.86, 0.83], [0.87, 0.86, 0.83]
    tiles.mark, tiles.markrgb = mujoco.mjtMark.mjMARK_EDGE, [0.78, 0.77, 0.74]
    material = spec.add_material(name="tiles", texrepeat=[1.0, 1.0], texuniform=True, reflectance=0.08)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "tiles"
    floor = spec.geom("floor")
    floor.material, floor.rgba = "tiles", [1.0, 1.0, 1.0, 1.0]


def _add_goods(spec: mujoco.MjSpec, number: int, bays: Sequence[Spot]) -> None:
    """Put one picture of goods on the fronts of many shelves: one mesh, because each geom costs time to draw."""
    name = f"goods_{number}"
    texture = spec.add_texture(
        name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=_TEXTURE_PX, height=_TEXTURE_PX, nchannel=3
    )
    texture.data = goods_picture(number).tobytes()
    material = spec.add_material(name=name, texuniform=False, specular=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name
    corners = np.vstack([_front(spot) for spot in bays])
    faces = np.vstack([np.array([[0, 1, 2], [0, 2, 3]]) + 4 * place for place in range(len(bays))])
    spec.add_mesh(
        name=name, uservert=corners.ravel().tolist(), userface=faces.ravel().tolist(),
        usertexcoord=[0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0] * len(bays), userfacetexcoord=faces.ravel().tolist(),
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
    )  # fmt: skip
    spec.worldbody.add_geom(
        type=mujoco.mjtGeom.mjGEOM_MESH, meshname=name, material=name, group=PICTURE, contype=0, conaffinity=0
    )


def _front(spot: Spot) -> npt.NDArray[np.float64]:
    """Return the corners of the shelf front that somebody at this spot looks at, counter-clockwise from low left."""
    reach_m, half_m = BROWSE_DISTANCE_M - 0.017, 0.49 * _BAY_WIDTH_M
    middle = np.array([spot.x_m, spot.y_m]) + reach_m * np.array([math.cos(spot.face_rad), math.sin(spot.face_rad)])
    right = half_m * np.array([math.sin(spot.face_rad), -math.cos(spot.face_rad)])
    low_m, high_m = _BAY_BOTTOM_M, spot.shelf_height_m - _BAY_TOP_M
    return np.array(
        [
            (*(middle - right), low_m),
            (*(middle + right), low_m),
            (*(middle + right), high_m),
            (*(middle - right), high_m),
        ]
    )


def goods_picture(seed: int) -> npt.NDArray[np.uint8]:
    """Return a shelf front seen from the aisle, shape (height, width, 3): boards, price rails and packs."""
    rng = np.random.default_rng((seed, 0x600D))
    picture = np.full((_TEXTURE_PX, _TEXTURE_PX, 3), 52, dtype=np.uint8)
    shelf_px = _TEXTURE_PX // _SHELVES
    for shelf in range(_SHELVES):
        bottom, x = (shelf + 1) * shelf_px, 2
        while x < _TEXTURE_PX - 8:
            colour, width = _pack_colour(rng), int(rng.integers(9, 20))
            height = int(rng.integers(shelf_px * 55 // 100, shelf_px * 85 // 100))
            for _ in range(int(rng.integers(2, 5))):
                end = min(x + width - 1, _TEXTURE_PX - 2)
                picture[bottom - 6 - height : bottom - 6, x:end] = colour
                picture[bottom - 6 - height // 2 : bottom - 3 - height // 2, x + 2 : max(x + 2, end - 2)] = 240
                x += width
        picture[bottom - 6 : bottom - 1] = (225, 225, 220)
    return picture


def _pack_colour(rng: np.random.Generator) -> tuple[int, int, int]:
    hue, value = rng.normal(0.6, 1.4), rng.uniform(0.6, 1.0)
    red, green, blue = (value * (0.76 + 0.24 * math.cos(hue + shift)) for shift in (0.0, 2.1, 4.2))
    return int(255 * red), int(255 * green), int(255 * blue)
