"""Tiny models: made by hand, or drawn by hypothesis, and run by the real ONNX Runtime."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnxruntime
from hypothesis import strategies as st

from aisle_inference.associations import Associations
from aisle_inference.export import association_graph
from aisle_inference.manifest import Manifest, sha256_of
from aisle_inference.runtime import AssociationModel


@st.composite
def associations(draw: st.DrawFn, most_products: int = 7) -> Associations:
    """Draw associations whose weights are eighths, so that sums are exact in any order."""
    products = draw(st.integers(1, most_products))
    width = draw(st.integers(1, products))
    neighbours, weights = np.zeros((products, width), np.int64), np.zeros((products, width), np.float32)
    for product in range(products):
        others = draw(st.permutations([other for other in range(products) if other != product]))[:width]
        neighbours[product] = [*others, *[product] * (width - len(others))]
        drawn = draw(st.lists(st.integers(0, 16), min_size=len(others), max_size=len(others)))
        weights[product] = [*(np.array(drawn) / 8.0), *[0.0] * (width - len(others))]
    return Associations(neighbours, weights)


def table_of(model: Associations) -> npt.NDArray[np.float64]:
    """Return the whole matrix: row = given product, column = candidate."""
    products = len(model.neighbours)
    table = np.zeros((products, products))
    for product in range(products):
        for neighbour, weight in zip(model.neighbours[product], model.weights[product], strict=True):
            table[product, neighbour] += weight
    return table


def manifest_of(content: bytes, product_ids: npt.NDArray[np.int64]) -> Manifest:
    return Manifest(
        kind="item associations",
        sha256=sha256_of(content),
        inputs=("given", "limit"),
        outputs=("columns", "scores", "contributions"),
        first_day="2017-01-01",
        last_day="2017-11-30",
        trips=10,
        seconds=0.1,
        hit_rate_at_5=0.5,
        popularity_hit_rate_at_5=0.4,
        product_ids=tuple(int(product) for product in product_ids),
    )


def session_of(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def model_of(made: Associations, product_ids: npt.NDArray[np.int64]) -> AssociationModel:
    """Return a model that runs the real graph without a file."""
    content = association_graph(made, product_ids).SerializeToString()
    columns = {int(product): column for column, product in enumerate(product_ids)}
    return AssociationModel(manifest_of(content, product_ids), session_of(content), product_ids, columns)
