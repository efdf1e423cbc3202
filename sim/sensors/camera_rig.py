"""The camera on the robot: renders the stage from where the robot is, at the camera's rate, and sends the frames."""

from __future__ import annotations

import mujoco

from aisle.geometry import Pose2, Twist2
from aisle.robot_model import Camera
from sim.people.stage import CAMERA, Stage
from sim.scene.sdf_store import STEP_S
from sim.sensors.camera import CameraFrame, CameraSensor, Resolution
from sim.sensors.camera_faults import CameraFaults
from sim.sensors.camera_renderer import Renderer
from sim.sensors.messages import Line


class CameraRig:
    """A camera of a size and rate; opens its renderer with the first frame."""

    def __init__(self, camera: Camera, size: Resolution, faults: CameraFaults, seed: int) -> None:
        self._camera, self._size = camera, size
        self._sensor = CameraSensor(camera, size, faults, seed)
        self._line: Line[CameraFrame] = Line(faults.line, seed)
        self._renderer: Renderer | None = None
        self.period_steps = max(1, round(1.0 / (size.rate_hz * STEP_S)))

    def take(self, stage: Stage, world: mujoco.MjData, map_from_base: Pose2, twist: Twist2, now_s: float) -> None:
        """Take a frame of the world as it is now, and send it."""
        if self._renderer is None:
            self._renderer = Renderer(stage.model, CAMERA, self._size.width_px, self._size.height_px)
        renderer = self._renderer
        stage.follow(world)
        renderer.aim(stage.data, map_from_base, self._camera)
        self._line.send(self._sensor.frame(lambda: renderer.render(stage.data), twist, now_s), now_s)

    def arrived(self, now_s: float) -> list[CameraFrame]:
        """Return the frames that have come through by now."""
        return self._line.due(now_s)

    def close(self) -> None:
        """Free the renderer."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
