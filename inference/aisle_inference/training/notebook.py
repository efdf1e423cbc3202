"""Finished steps of a training on disk, so that one that was cut goes on where it was."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np

from aisle_inference.carried.arrays import packed, unpacked
from aisle_inference.carried.files import write_whole
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.ranking.forest import Examples, Forest
from aisle_inference.training.course import Course
from aisle_inference.training.shop import Shop

# Raised when a step comes to mean something else.
_VERSION = 1


@dataclass(frozen=True, slots=True)
class FolderNotebook:
    """Keeps each step as a file of a folder that belongs to one shop and one course."""

    folder: Path

    @classmethod
    def of(cls, parent: Path, shop: Shop, course: Course) -> FolderNotebook:
        """Open the notebook of this training; those of others in the same place are thrown away."""
        own = parent / _digest(shop, course)
        for other in parent.glob("*") if parent.is_dir() else ():
            if other != own:
                shutil.rmtree(other)
        own.mkdir(parents=True, exist_ok=True)
        return cls(own)

    @property
    def is_begun(self) -> bool:
        """Return whether anything was kept already."""
        return any(self.folder.iterdir())

    def examples(self, name: str, make: Callable[[], Examples]) -> Examples:
        """Return what was kept under a name, or make and keep it; what cannot be read is made again."""
        path = self.folder / f"{name}.npz"
        if path.is_file():
            try:
                return unpacked(str(path), path.read_bytes(), Examples)
            except ModelProblem:
                path.unlink()
        made = make()
        _keep(path, packed(made))
        return made

    def forest(self, name: str, columns: tuple[str, ...], make: Callable[[], Forest]) -> Forest:
        """Return the forest that was kept under a name, or grow and keep it."""
        path = self.folder / f"{name}.txt"
        if path.is_file():
            trees = _whole_trees(path.read_text(errors="replace"))
            if trees is not None:
                return Forest(lightgbm.Booster(model_str=trees), columns)
        made = make()
        trees = made.booster.model_to_string()
        _keep(path, f"{_sha256(trees)}\n{trees}".encode())
        return made

    def close(self) -> None:
        """Throw the notebook away: its training is finished."""
        shutil.rmtree(self.folder)


def _keep(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    write_whole(part, content)
    os.replace(part, path)


def _whole_trees(content: str) -> str | None:
    """Return the trees of a kept forest, None when they were damaged; LightGBM itself may crash on those."""
    digest, _, trees = content.partition("\n")
    return trees if digest == _sha256(trees) else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(shop: Shop, course: Course) -> str:
    """Return a name for what is learnt from and how."""
    digest = hashlib.sha256(f"{_VERSION} {lightgbm.__version__} {shop.end_d} {course}".encode())
    bought = shop.purchases
    for array in (bought.product_ids, bought.household, bought.product, bought.time_d, shop.assortment.kind):
        digest.update(np.ascontiguousarray(array).tobytes())
    if shop.promotions is not None:
        digest.update(packed(shop.promotions))
    return digest.hexdigest()[:16]
