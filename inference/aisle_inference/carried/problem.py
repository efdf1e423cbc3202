"""Why something that is carried must not be used."""

from __future__ import annotations


class ModelProblem(RuntimeError):
    """A model that must not be used; the sentence says why and what to do."""
