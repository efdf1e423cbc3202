"""Runs the ONNX graph on the CPU. The model is read-only: nothing a shopper sends can change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from aisle_inference.adviser import Ranked
from aisle_inference.export import INPUTS, OUTPUTS
from aisle_inference.manifest import Manifest, ModelProblem, read_model


@dataclass(frozen=True, slots=True)
class AssociationModel:
    """A loaded, checked and warmed model."""

    manifest: Manifest
    session: onnxruntime.InferenceSession
    product_ids: npt.NDArray[np.int64]
    column_of: dict[int, int]

    def rank(self, given: tuple[int, ...], limit: int) -> list[Ranked]:
        """Rank products that go with the given ones; products the model does not know are left out."""
        known = [product for product in given if product in self.column_of]
        if not known:
            return []
        columns = np.array([self.column_of[product] for product in known], dtype=np.int64)
        count = np.array([min(limit, len(self.product_ids))], dtype=np.int64)
        found, scores, contributions = self.session.run(list(OUTPUTS), {"given": columns, "limit": count})
        return [
            Ranked(int(self.product_ids[column]), float(score), dict(zip(known, map(float, causes), strict=True)))
            for column, score, causes in zip(found, scores, contributions.T, strict=True)
            if score > 0.0
        ]


def load_model(directory: Path) -> AssociationModel:
    """Load and check a model, and run it once. Raises ModelProblem."""
    manifest, content = read_model(directory)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The runtime raises a family of its own without a common base.
        raise ModelProblem(f"{directory}: the model cannot be loaded ({error}); run `aisle train`") from error
    names = tuple(part.name for part in session.get_inputs()), tuple(part.name for part in session.get_outputs())
    if names != (INPUTS, OUTPUTS):
        raise ModelProblem(f"{directory}: the model has inputs and outputs {names}, wanted {(INPUTS, OUTPUTS)}")
    product_ids = np.array(manifest.product_ids, dtype=np.int64)
    model = AssociationModel(manifest, session, product_ids, {int(p): k for k, p in enumerate(product_ids)})
    model.rank((int(product_ids[0]),), 5)
    return model
