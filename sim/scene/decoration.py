"""What makes the simulated store look like one: goods on the shelves, tiles, and the light of the room.

Only models for pictures and cameras get it; the physics does without.
"""

from __future__ import annotations

import math

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
_MORE_LIGHT = (([-0.3, -0.2, -1.0], 0.25), ([0.1, -0.5, -0.6], 0.20))


def decorate(spec: mujoco.MjSpec, layout: Layout) -> None:
    """Give the spec of a picture tiles, a sky and goods on every shelf."""
    _add_sky(spec)
    _add_tiles(spec)
    for number in range(_VARIANTS):
        _add_goods_material(spec, number)
    shelves = [spot for spot in layout.spots if not spot.is_till]
    for number, spot in enumerate(shelves):
        _add_bay(spec, spot, f"goods_{number * 5 % _VARIANTS}")


def _add_sky(spec: mujoco.MjSpec) -> None:
    headlight = spec.visual.headlight
    headlight.ambient, headlight.diffuse, headlight.specular = [0.36] * 3, [0.12] * 3, [0.05] * 3
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


def _add_goods_material(spec: mujoco.MjSpec, number: int) -> None:
    name = f"goods_{number}"
    texture = spec.add_texture(
        name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=_TEXTURE_PX, height=_TEXTURE_PX, nchannel=3
    )
    texture.data = goods_picture(number).tobytes()
    material = spec.add_material(name=name, texuniform=False, specular=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name


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


def _add_bay(spec: mujoco.MjSpec, spot: Spot, material: str) -> None:
    """Put a picture of goods on the shelf front that somebody at this spot looks at."""
    reach_m = BROWSE_DISTANCE_M - 0.012
    x_m, y_m = spot.x_m + reach_m * math.cos(spot.face_rad), spot.y_m + reach_m * math.sin(spot.face_rad)
    out_rad = spot.face_rad + math.pi
    # Geom axes: x along the shelf, y up, z out of the shelf, so that the texture's plane is the front.
    half_height_m = 0.5 * (spot.shelf_height_m - _BAY_BOTTOM_M - _BAY_TOP_M)
    axes = np.column_stack(
        ([-math.sin(out_rad), math.cos(out_rad), 0.0], [0.0, 0.0, 1.0], [math.cos(out_rad), math.sin(out_rad), 0.0])
    )
    quat = np.zeros(4)
    mujoco.mju_mat2Quat(quat, axes.flatten())
    spec.worldbody.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.49 * _BAY_WIDTH_M, half_height_m, 0.005],
        pos=[x_m, y_m, _BAY_BOTTOM_M + half_height_m], quat=quat, material=material, group=PICTURE,
        contype=0, conaffinity=0,
    )  # fmt: skip
