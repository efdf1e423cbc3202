"""Read SDF files: the part of the format that the simulator understands, and a plain refusal for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sim.sdf.description import Include, Joint, Light, Link, Model, Plugin, Pose, Vector, World
from sim.sdf.fields import colour, flag, name_of, needed, only, optional, pose, positive, vector, word
from sim.sdf.markup import Element, SdfError, parse_markup
from sim.sdf.placement import placement, rotated
from sim.sdf.read_link import read_link

# What would change the meaning of a file if it were passed over.
_UNSUPPORTED = {
    "world": ("actor", "frame", "road", "population", "state"),
    "model": ("frame", "include", "model", "gripper"),
}
_JOINTS = ("revolute", "continuous", "fixed")


def read_world(text: str, source: str) -> World:
    """Return the world of an SDF text; `source` names the file in messages.

    Raises SdfError for what is no world, lacks a value, has a wrong one, or is outside the supported part.
    """
    element = needed(_root(text, source), "world")
    _refuse(element)
    return World(
        name_of(element),
        positive(needed(element, "physics"), "max_step_size"),
        _unique(element, (_model(child) for child in element.named("model"))),
        tuple(_include(child) for child in element.named("include")),
        tuple(_light(child) for child in element.named("light")),
        tuple(_plugin(child) for child in element.named("plugin")),
    )


def read_model(text: str, source: str) -> Model:
    """Return the model of an SDF text that holds just one. Raises SdfError, as `read_world` does."""
    return _model(needed(_root(text, source), "model"))


def with_included(world: World, models: Mapping[str, Model]) -> World:
    """Return the world with its includes replaced by the models of these URIs, renamed and placed.

    Raises SdfError for a URI that is not among them.
    """
    added = tuple(_included(include, models) for include in world.includes)
    return replace(world, models=(*world.models, *added), includes=())


def _included(include: Include, models: Mapping[str, Model]) -> Model:
    if include.uri not in models:
        raise SdfError(f"includes {include.uri!r}, which is not there; known are {', '.join(models) or 'none'}")
    model = models[include.uri]
    return replace(model, name=include.name or model.name, pose=include.pose)


def _root(text: str, source: str) -> Element:
    root = parse_markup(text, source)
    if root.tag != "sdf":
        raise root.fault("is no SDF file: its first element is not <sdf>")
    return root


def _refuse(element: Element) -> None:
    for child in element.children:
        if child.tag in _UNSUPPORTED[element.tag]:
            raise child.fault(f"<{child.tag}> in a {element.tag} is not supported")


def _unique(element: Element, models: Iterable[Model]) -> tuple[Model, ...]:
    found: dict[str, Model] = {}
    for model in models:
        if model.name in found:
            raise element.fault(f"has two models named {model.name!r}")
        found[model.name] = model
    return tuple(found.values())


def _model(element: Element) -> Model:
    _refuse(element)
    links = tuple(read_link(child) for child in element.named("link"))
    if not links:
        raise element.fault("has no link")
    by_name = {link.name: link for link in links}
    return Model(
        name_of(element),
        pose(element),
        flag(element, "static", default=False),
        links,
        tuple(_joint(child, by_name) for child in element.named("joint")),
        tuple(_plugin(child) for child in element.named("plugin")),
    )


def _joint(element: Element, links: Mapping[str, Link]) -> Joint:
    kind, child = element.attributes.get("type", ""), word(element, "child")
    if kind not in _JOINTS:
        raise element.fault(f"is of type {kind!r}; it can be {', '.join(_JOINTS)}")
    parent = word(element, "parent")
    for end in (parent, child):
        if end not in links:
            raise element.fault(f"joins {end!r}, and the model has no such link")
    if pose(element) != Pose():
        raise element.fault("has a pose of its own, which is not supported; put the child link there")
    axis = only(element, "axis")
    if kind == "fixed" or axis is None:
        return Joint(name_of(element), kind, parent, child)
    limit = only(axis, "limit")
    effort_nm = optional(limit, "effort") if limit is not None else None
    effort_nm = effort_nm if effort_nm is not None and effort_nm >= 0.0 else None
    return Joint(name_of(element), kind, parent, child, _axis(axis, links[child]), effort_nm)


def _axis(element: Element, child: Link) -> Vector:
    direction = needed(element, "xyz")
    value, frame = vector(element, "xyz"), direction.attributes.get("expressed_in", "")
    if frame == "__model__":
        return value
    if frame:
        raise direction.fault(f"is expressed in {frame!r}; it can be __model__ or the child's own frame")
    return rotated(placement(child.pose).quaternion, value)


def _include(element: Element) -> Include:
    return Include(word(element, "uri"), word(element, "name", ""), pose(element))


def _light(element: Element) -> Light:
    if element.attributes.get("type") != "directional":
        raise element.fault("is no directional light, and others are not supported")
    return Light(
        name_of(element),
        pose(element),
        vector(element, "direction", (0.0, 0.0, -1.0)),
        colour(element, "diffuse", (1.0, 1.0, 1.0, 1.0)),
        colour(element, "specular", (0.1, 0.1, 0.1, 1.0)),
        flag(element, "cast_shadows", default=False),
    )


def _plugin(element: Element) -> Plugin:
    settings = tuple((child.tag, child.text) for child in element.children if not child.children)
    return Plugin(element.attributes.get("filename", ""), element.attributes.get("name", ""), settings)
