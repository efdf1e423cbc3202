"""`aisle train`: purchases to a signed kit, with progress, and going on where it was cut."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from aisle_inference.advice.carry import KIND, load_adviser
from aisle_inference.carried.digests import product_ids_digest
from aisle_inference.carried.folder import write_folder
from aisle_inference.carried.manifest import Facts, Manifest
from aisle_inference.carried.signature import PRIVATE_KEY_FILE, PUBLIC_KEY_FILE, publish, signing_key
from aisle_inference.purchases.table import time_of
from aisle_inference.training.course import Course, Graduate, Told, Training
from aisle_inference.training.notebook import FolderNotebook
from aisle_inference.training.pack import files_of
from aisle_inference.training.shop import Shop

LIMITS = (
    "Learnt from demo data that its publisher calls simulated; it says nothing about real shoppers.",
    "Knows no allergens, diets or ages: what must not be recommended is filtered by the store's rules.",
    "Recommends by what was bought, not by what is healthy, cheap or good.",
    "A product that nobody bought yet is ranked by its kind, category, brand and size alone.",
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the kit goes, where the keys are, and where a cut training is kept."""

    kit: Path
    keys: Path
    notebooks: Path

    @classmethod
    def under(cls, var: Path) -> Places:
        """Return the usual places under the folder of everything that is made."""
        return cls(var / "models" / "adviser", var / "signing", var / "cache" / "training")

    @property
    def public_key(self) -> Path:
        """Return the file of the key that robots check the kit by."""
        return self.kit.parent / PUBLIC_KEY_FILE


def train(
    shop: Shop, course: Course, places: Places, console: Console, further: Mapping[str, bytes] | None = None
) -> Manifest:
    """Train, sign, write and load again; `further` files go into the kit as they are.

    Raises TooLittleHistory and ModelProblem.
    """
    began_s = time.monotonic()
    notebook = FolderNotebook.of(places.notebooks, shop, course)
    if notebook.is_begun:
        console.print(f"going on with the training kept in {notebook.folder}")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("reading the purchases", total=1.0)
        told: Told = lambda what, share: progress.update(bar, description=what, completed=share)  # noqa: E731
        graduate = Training(shop, course, notebook, told).run()
        told("writing and checking the kit", 1.0)
        files = files_of(graduate.lore, graduate.forests) | dict(further or {})
        key = signing_key(places.keys / PRIVATE_KEY_FILE)
        publish(key, places.public_key)
        places.kit.parent.mkdir(parents=True, exist_ok=True)
        facts = _facts(shop, graduate, time.monotonic() - began_s)
        write_folder(places.kit, facts, files, key)
        manifest = load_adviser(places.kit, places.public_key).manifest
    notebook.close()
    _report(places.kit, manifest, console)
    return manifest


def _facts(shop: Shop, graduate: Graduate, trained_s: float) -> Facts:
    bought = shop.purchases
    return Facts(
        kind=KIND,
        first_day=time_of(float(bought.time_d.min())).date(),
        last_day=time_of(float(bought.time_d.max())).date(),
        counts={
            "products": bought.products,
            "trips": bought.trips,
            "purchases": len(bought.product),
            "households": bought.households,
            "stores": bought.stores,
        },
        metrics={task.key: dict(figures) for task, figures in graduate.figures.items()},
        limits=LIMITS,
        product_ids_sha256=product_ids_digest(bought.product_ids),
        trained_s=round(trained_s, 1),
    )


def _report(kit: Path, manifest: Manifest, console: Console) -> None:
    size_mb = sum(file.size_bytes for file in manifest.files.values()) / 1e6
    console.print(
        f"{kit}: {manifest.counts['products']} products, {manifest.counts['trips']} trips from {manifest.first_day} to "
        f"{manifest.last_day}, {size_mb:.0f} MB, {manifest.trained_s:.0f} s",
        soft_wrap=True,
    )
    for task, figures in manifest.metrics.items():
        shown = ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in figures.items())
        console.print(f"  {task.replace('_', ' ')} in the last month, which was held back: {shown}", soft_wrap=True)
