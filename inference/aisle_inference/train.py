"""`aisle train`: transactions to a checked ONNX model, with a measure on a month it was not trained on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import Progress
from scipy import sparse

from aisle_inference.associations import Associations, AssociationSettings, learn
from aisle_inference.evaluate import hit_rate
from aisle_inference.export import INPUTS, OUTPUTS, association_graph
from aisle_inference.manifest import MODEL_FILE, Manifest, sha256_of, write_model
from aisle_inference.runtime import load_model
from aisle_inference.trips import Trips, read_trips
from catalogue.replica import open_replica
from catalogue.source import source_files

_TEST_FROM = datetime(2017, 11, 1)  # noqa: DTZ001 - the data's time stamps carry no time zone
_QUERIES = 2000


def train_model(
    store_dir: Path, out: Path, console: Console, settings: AssociationSettings = AssociationSettings()
) -> None:
    """Train, measure, export, load again and write. Raises ReplicaError or SourceError in plain words."""
    started_s = time.monotonic()
    transactions = source_files()[1]
    with open_replica(store_dir / "catalogue.sqlite") as replica:
        mapping = replica.product_of_variants()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("reading the transactions", total=1.0)
        trips = read_trips(transactions, mapping)
        progress.update(task, description="measuring on November")
        measured = measure(trips, transactions, mapping, settings)
        progress.update(task, description="learning which products go together")
        associations = learn(trips.matrix, settings, lambda share: progress.update(task, completed=share))
    content = association_graph(associations, trips.product_ids).SerializeToString()
    seconds = time.monotonic() - started_s
    write_model(out, _manifest(trips, content, seconds, *measured), content)
    load_model(out)
    console.print(
        f"{out / MODEL_FILE}: {len(trips.product_ids)} products, {trips.matrix.shape[0]} trips from "
        f"{trips.first_day} to {trips.last_day}, {seconds:.0f} s"
    )
    console.print(
        f"half of a basket given, a hidden product among the first five (November, trained before): "
        f"{measured[0]:.3f}; most popular products: {measured[1]:.3f}"
    )


def measure(
    trips: Trips, transactions: Path, mapping: dict[int, int], settings: AssociationSettings
) -> tuple[float, float]:
    """Return hit rate@5 of associations and of popularity in November, both learnt from the months before."""
    before = read_trips(transactions, mapping, before=_TEST_FROM)
    november = trips.matrix[before.matrix.shape[0] :]
    wide = _with_columns_of(before, trips.product_ids)
    ranker = _AssociationRanker(learn(wide, settings), len(trips.product_ids))
    counts = np.asarray(wide.sum(axis=0)).ravel()
    popular = _PopularityRanker(np.argsort(-counts, kind="stable")[:400])
    return hit_rate(november, ranker, 5, _QUERIES, seed=1), hit_rate(november, popular, 5, _QUERIES, seed=1)


def _with_columns_of(trips: Trips, product_ids: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    matrix = trips.matrix.tocoo()
    columns = np.searchsorted(product_ids, trips.product_ids)[matrix.col]
    return sparse.csr_matrix((matrix.data, (matrix.row, columns)), shape=(matrix.shape[0], len(product_ids)))


@dataclass(frozen=True, slots=True)
class _AssociationRanker:
    associations: Associations
    products: int

    def best(self, given: npt.NDArray[np.int64], limit: int) -> Sequence[int]:
        scores = np.zeros(self.products, dtype=np.float32)
        np.add.at(scores, self.associations.neighbours[given].ravel(), self.associations.weights[given].ravel())
        scores[given] = -1.0
        return np.argsort(-scores, kind="stable")[:limit].tolist()  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _PopularityRanker:
    order: npt.NDArray[np.intp]

    def best(self, given: npt.NDArray[np.int64], limit: int) -> Sequence[int]:
        return self.order[~np.isin(self.order, given)][:limit].tolist()  # type: ignore[no-any-return]


def _manifest(trips: Trips, content: bytes, seconds: float, hits: float, popular_hits: float) -> Manifest:
    return Manifest(
        kind="item associations",
        sha256=sha256_of(content),
        inputs=INPUTS,
        outputs=OUTPUTS,
        first_day=trips.first_day,
        last_day=trips.last_day,
        trips=trips.matrix.shape[0],
        seconds=round(seconds, 1),
        hit_rate_at_5=round(hits, 4),
        popularity_hit_rate_at_5=round(popular_hits, 4),
        product_ids=tuple(int(product) for product in trips.product_ids),
    )
