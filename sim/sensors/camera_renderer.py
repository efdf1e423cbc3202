"""Renders colour, depth and who is where from a model's camera, in one pass without a window."""

from __future__ import annotations

import math
import os
from types import TracebackType
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from aisle.geometry import Pose2
from aisle.robot_model import Camera
from sim.scene.mjcf import PICTURE, STRUCTURE

_MOST_GEOMS = 4000
_NEAR_M = 0.05
_OUT_OF_SIGHT_GROUP = 5
_WHAT_TO_DO = (
    "install libegl1 and libgl1-mesa-dri (apt), or libosmesa6 and set MUJOCO_GL=osmesa; without a camera none is needed"
)


class CameraProblem(RuntimeError):
    """No picture can be rendered here; the sentence says why and what to do."""


class Renderer:
    """Renders one model. Opens its graphics context when first used; `close` or a `with` block frees it.

    Colour and depth are read from the same pass. Shadows and reflections are left out.
    """

    def __init__(self, model: mujoco.MjModel, camera_name: str, width_px: int, height_px: int) -> None:
        self._model, self._width_px, self._height_px = model, width_px, height_px
        self._camera_id = int(model.camera(camera_name).id)
        self._camera = mujoco.MjvCamera()
        self._camera.type, self._camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, self._camera_id
        self._rectangle = mujoco.MjrRect(0, 0, width_px, height_px)
        self._groups = model.geom_group.copy()
        self._window: Any = None

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def aim(self, data: mujoco.MjData, map_from_base: Pose2, camera: Camera) -> None:
        """Put the model's camera where the robot carries it."""
        cos_yaw, sin_yaw = math.cos(map_from_base.yaw_rad), math.sin(map_from_base.yaw_rad)
        cos_pitch, sin_pitch = math.cos(camera.pitch_rad), math.sin(camera.pitch_rad)
        data.cam_xpos[self._camera_id] = (
            map_from_base.x_m + camera.x_m * cos_yaw,
            map_from_base.y_m + camera.x_m * sin_yaw,
            camera.z_m,
        )
        ahead = np.array([cos_yaw * cos_pitch, sin_yaw * cos_pitch, -sin_pitch])
        right = np.array([sin_yaw, -cos_yaw, 0.0])
        # MuJoCo's cameras look along -z, with x to the right and y up.
        axes = np.column_stack((right, np.cross(right, ahead), -ahead))
        data.cam_xmat[self._camera_id] = axes.ravel()
        half_height = math.tan(0.5 * camera.fov_rad) * self._height_px / self._width_px
        self._model.cam_fovy[self._camera_id] = math.degrees(2.0 * math.atan(half_height))

    def render(self, data: mujoco.MjData) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        """Return colour, shape (h, w, 3), and depth along the optical axis in metres, shape (h, w).

        Raises CameraProblem where there is no graphics library to render with.
        """
        self._draw(data, by_id=False)
        colour = np.empty((self._height_px, self._width_px, 3), dtype=np.uint8)
        buffer = np.empty((self._height_px, self._width_px), dtype=np.float32)
        mujoco.mjr_readPixels(colour, buffer, self._rectangle, self._context)
        return colour[::-1].copy(), self._metres(buffer)[::-1].copy()

    def render_geoms(self, data: mujoco.MjData, only: int | None = None) -> npt.NDArray[np.int32]:
        """Return the number of the geom that each pixel shows, -1 for none, shape (h, w). For labelling only.

        With `only` that geom stands alone in an empty room.
        """
        self._draw(data, by_id=True, only=only)
        codes = np.empty((self._height_px, self._width_px, 3), dtype=np.uint8)
        mujoco.mjr_readPixels(codes, None, self._rectangle, self._context)
        segments = codes.astype(np.int32) @ np.array([1, 1 << 8, 1 << 16], dtype=np.int32)
        numbers = np.full(self._scene.ngeom + 1, -1, dtype=np.int32)
        for geom in self._scene.geoms[: self._scene.ngeom]:
            if geom.segid >= 0 and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                numbers[geom.segid + 1] = geom.objid
        found: npt.NDArray[np.int32] = numbers[segments[::-1]]
        return found

    def close(self) -> None:
        """Free the graphics context."""
        if self._window is not None:
            self._context.free()
            self._window.free()
            self._window = None

    def _draw(self, data: mujoco.MjData, by_id: bool, only: int | None = None) -> None:
        self._open()
        self._window.make_current()
        self._hide_what_is_out_of_sight(data)
        if only is not None:
            self._model.geom_group[np.arange(self._model.ngeom) != only] = _OUT_OF_SIGHT_GROUP
        mujoco.mjv_updateScene(
            self._model, data, self._option, None, self._camera, mujoco.mjtCatBit.mjCAT_ALL.value, self._scene
        )
        # Others may look at the same model from elsewhere.
        self._model.geom_group[:] = self._groups
        self._scene.flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = by_id
        self._scene.flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = by_id
        mujoco.mjr_render(self._rectangle, self._scene, self._context)

    def _hide_what_is_out_of_sight(self, data: mujoco.MjData) -> None:
        """Take geoms beside and behind the view out of the scene: MuJoCo would draw them all."""
        right, up, back = data.cam_xmat[self._camera_id].reshape(3, 3).T
        offset = data.geom_xpos - data.cam_xpos[self._camera_id]
        ahead, reach = -(offset @ back), self._model.geom_rbound
        half_height = math.tan(0.5 * math.radians(float(self._model.cam_fovy[self._camera_id])))
        half_width = half_height * self._width_px / self._height_px
        is_seen = ahead > -reach
        for across, half in ((offset @ right, half_width), (offset @ up, half_height)):
            is_seen &= np.abs(across) - half * ahead < reach * math.hypot(1.0, half)
        # A plane has no bounds.
        is_seen |= reach == 0.0
        self._model.geom_group[:] = np.where(is_seen, self._groups, _OUT_OF_SIGHT_GROUP)

    def _open(self) -> None:
        if self._window is not None:
            return
        self._prepare_model()
        self._option = mujoco.MjvOption()
        self._option.geomgroup[:] = 0
        self._option.geomgroup[[STRUCTURE, PICTURE]] = 1
        self._scene = mujoco.MjvScene(self._model, _MOST_GEOMS)
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION, mujoco.mjtRndFlag.mjRND_HAZE):
            self._scene.flags[flag] = False
        # Clothes are open at their hems: what is seen of the inside is drawn as well.
        self._scene.flags[mujoco.mjtRndFlag.mjRND_CULL_FACE] = False
        try:
            self._window = _window_class()(self._width_px, self._height_px)
            self._window.make_current()
            self._context = mujoco.MjrContext(self._model, mujoco.mjtFontScale.mjFONTSCALE_50)
            mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self._context)
        except (ImportError, RuntimeError, AttributeError, mujoco.FatalError) as error:
            self._window = None
            raise CameraProblem(
                f"the camera cannot be rendered: {error or type(error).__name__}; {_WHAT_TO_DO}"
            ) from error
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR

    def _prepare_model(self) -> None:
        visual = self._model.vis
        visual.global_.offwidth, visual.global_.offheight = self._width_px, self._height_px
        # Smoothed edges cost three quarters of the time where the processor renders.
        visual.quality.offsamples = 0
        visual.map.znear = _NEAR_M / self._model.stat.extent

    def _metres(self, buffer: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Undo the projection with reversed depth: 1 at the near plane, 0 infinitely far away."""
        near = self._model.vis.map.znear * self._model.stat.extent
        far = self._model.vis.map.zfar * self._model.stat.extent
        metres: npt.NDArray[np.float64] = near * far / (near + buffer.astype(np.float64) * (far - near))
        return metres.astype(np.float32)


def _window_class() -> Any:
    """Return the graphics context to use; MUJOCO_GL decides, and where there is no display EGL does."""
    if "MUJOCO_GL" not in os.environ and "DISPLAY" not in os.environ:
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
        from mujoco.egl import GLContext

        return GLContext
    from mujoco.rendering.classic import gl_context

    return gl_context.GLContext
