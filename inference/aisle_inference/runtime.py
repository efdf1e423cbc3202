"""Runs the ONNX graph on the CPU. The model is read-only: nothing a shopper sends can change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from aisle_inference.adviser import Ranked
from aisle_inference.export import INPUTS, OUTPUTS
from aisle_inference.manifest import (
    MANIFEST_FILE,
    MODEL_FILE,
    PRODUCTS_KEY,
    Manifest,
    ModelProblem,
    product_ids_digest,
    read_model,
)


@dataclass(frozen=True, slots=True)
class AssociationModel:
    """A loaded, checked and warmed model."""

    manifest: Manifest
    session: onnxruntime.InferenceSession
    product_ids: npt.NDArray[np.int64]
    column_of: dict[int, int]

    def rank(self, given: tuple[int, ...], limit: int) -> list[Ranked]:
        """Rank products that go with the given ones; a product that is given twice counts once.

        Products the model does not know are left out. Contributions of each candidate sum to its score.
        """
        known = [product for product in dict.fromkeys(given) if product in self.column_of]
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
        _check(directory, manifest, session)
        product_ids = np.array(manifest.product_ids, dtype=np.int64)
        model = AssociationModel(manifest, session, product_ids, {int(p): k for k, p in enumerate(product_ids)})
        model.rank(manifest.product_ids[:1], 5)
    except ModelProblem:
        raise
    except Exception as error:
        # The runtime raises a family of its own without a common base.
        raise ModelProblem(f"{directory / MODEL_FILE}: cannot be run ({error}); run `aisle train`") from error
    return model


def _check(directory: Path, manifest: Manifest, session: onnxruntime.InferenceSession) -> None:
    names = tuple(part.name for part in session.get_inputs()), tuple(part.name for part in session.get_outputs())
    if names != (INPUTS, OUTPUTS):
        wanted = (INPUTS, OUTPUTS)
        raise ModelProblem(
            f"{directory / MODEL_FILE}: has inputs and outputs {names}, wanted {wanted}; run `aisle train`"
        )
    digest = session.get_modelmeta().custom_metadata_map.get(PRODUCTS_KEY)
    if digest != product_ids_digest(manifest.product_ids):
        raise ModelProblem(f"{directory / MANIFEST_FILE}: its products are not those of the model; run `aisle train`")
