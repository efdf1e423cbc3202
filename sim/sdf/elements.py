"""The elements of SDF 1.9 that we write or read, what may stand in each, and where that is documented.

The real parser takes any unknown element without a word, so a misspelt one would silently do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

_SPEC = "http://sdformat.org/spec?ver=1.9&elem="
_SYSTEMS = "https://gazebosim.org/api/sim/8/classgz_1_1sim_1_1systems_1_1"


@dataclass(frozen=True, slots=True)
class Known:
    """One element: its attributes, and the elements that may stand in it, as `tag` or `tag:entry of the table`."""

    page: str
    children: str = ""
    attributes: str = ""

    @property
    def documentation(self) -> str:
        """Return where the element is documented."""
        return self.page if self.page.startswith("http") else _SPEC + self.page

    def entries(self) -> dict[str, str]:
        """Return which table entry holds for which child."""
        split = (item.partition(":") for item in self.children.split())
        return {tag: entry or tag for tag, _, entry in split}


# Sensors name the frame of their messages; Gazebo reads these outside the specification.
_FRAMES = "gz_frame_id ignition_frame_id"

ELEMENTS = {
    "sdf": Known("sdf", "world model", "version"),
    "world": Known("world", "physics plugin light model include gravity", "name"),
    "physics": Known("physics", "max_step_size real_time_factor", "name type default"),
    "light": Known("light", "pose cast_shadows diffuse specular direction intensity", "name type"),
    "include": Known("world", "uri name pose static"),
    "model": Known("model", "static pose link joint plugin self_collide", "name canonical_link"),
    "pose": Known("pose", "", "relative_to rotation_format degrees"),
    "link": Known("link", "pose inertial collision visual sensor gravity", "name"),
    "inertial": Known("link", "mass pose inertia"),
    "inertia": Known("link", "ixx ixy ixz iyy iyz izz"),
    "collision": Known("collision", "pose geometry surface", "name"),
    "surface": Known("collision", "friction:surface_friction"),
    "surface_friction": Known("collision", "ode:friction_ode"),
    "friction_ode": Known("collision", "mu mu2"),
    "visual": Known("visual", "pose geometry material visibility_flags cast_shadows transparency", "name"),
    "material": Known("material", "ambient diffuse specular emissive"),
    "geometry": Known("geometry", "box cylinder capsule sphere plane polyline"),
    "box": Known("geometry", "size"),
    "cylinder": Known("geometry", "radius length"),
    "capsule": Known("geometry", "radius length"),
    "sphere": Known("geometry", "radius"),
    "plane": Known("geometry", "normal size"),
    "polyline": Known("geometry", "point height"),
    "joint": Known("joint", "parent child pose axis", "name type"),
    "axis": Known("joint", "xyz limit dynamics"),
    "xyz": Known("joint", "", "expressed_in"),
    "limit": Known("joint", "lower upper effort velocity"),
    "dynamics": Known("joint", "damping friction"),
    "sensor": Known(
        "sensor",
        f"pose topic update_rate always_on visualize ray:lidar lidar camera imu contact:bumper {_FRAMES}",
        "name type",
    ),
    "lidar": Known("sensor", "scan range noise:lidar_noise visibility_mask"),
    "scan": Known("sensor", "horizontal:rays vertical:rays"),
    "rays": Known("sensor", "samples resolution min_angle max_angle"),
    "range": Known("sensor", "min max resolution"),
    "lidar_noise": Known("sensor", "type mean stddev"),
    "camera": Known("sensor", "horizontal_fov image clip depth_camera noise:lidar_noise visibility_mask", "name"),
    "image": Known("sensor", "width height format"),
    "clip": Known("sensor", "near far"),
    "depth_camera": Known("sensor", "clip output"),
    "imu": Known("sensor", "angular_velocity:axes linear_acceleration:axes enable_orientation"),
    "axes": Known("sensor", "x:imu_axis y:imu_axis z:imu_axis"),
    "imu_axis": Known("sensor", "noise:imu_noise"),
    "imu_noise": Known("sensor", "mean stddev bias_mean bias_stddev", "type"),
    "bumper": Known("sensor", "collision topic"),
}

# Gazebo's systems by the last part of their name, with the settings that they read.
PLUGINS = {
    "Physics": Known(_SYSTEMS + "Physics.html", "engine"),
    "Sensors": Known(_SYSTEMS + "Sensors.html", "render_engine"),
    "SceneBroadcaster": Known(_SYSTEMS + "SceneBroadcaster.html"),
    "UserCommands": Known(_SYSTEMS + "UserCommands.html"),
    "Imu": Known(_SYSTEMS + "Imu.html"),
    "Contact": Known(_SYSTEMS + "Contact.html"),
    "JointStatePublisher": Known(_SYSTEMS + "JointStatePublisher.html", "topic joint_name update_rate"),
    "DiffDrive": Known(
        _SYSTEMS + "DiffDrive.html",
        """left_joint right_joint wheel_separation wheel_radius topic odom_topic tf_topic odom_publish_frequency
        frame_id child_frame_id min_velocity max_velocity min_acceleration max_acceleration
        min_linear_velocity max_linear_velocity min_angular_velocity max_angular_velocity
        min_linear_acceleration max_linear_acceleration min_angular_acceleration max_angular_acceleration""",
    ),
}
PLUGIN_ATTRIBUTES = "filename name"
PLUGIN_PAGE = _SPEC + "plugin"
