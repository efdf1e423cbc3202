"""Runs a graph of forests on the CPU, on one thread. Nothing that is asked of it can change it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime

from aisle_inference.carried.forest_form import FEATURES_KEY, INPUTS, OUTPUTS, Features, names_digest
from aisle_inference.carried.problem import ModelProblem

Places = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
# As many rows as a request brings at most, so that the first shopper waits no longer than the next.
_WARM_UP_ROWS = 400
_TYPES = ("tensor(float)", "tensor(int64)")


@dataclass(frozen=True, slots=True)
class ForestSession:
    """A loaded, checked and warmed graph; `names` are those of its features, in order."""

    names: tuple[str, ...]
    session: onnxruntime.InferenceSession

    def best(self, features: Features, limit: int) -> tuple[Places, Scores]:
        """Return the places (k,) of the best rows of features (R, F), best first, and the log odds (R,) of all.

        k is the lesser of limit and R; of equal rows the first comes first.
        """
        if not len(features):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        feed = {"features": features, "limit": np.array([limit], dtype=np.int64)}
        scores, places = self.session.run(list(OUTPUTS), feed)
        return places, scores


def load_forest(where: str, content: bytes, names: tuple[str, ...]) -> ForestSession:
    """Load a graph, compare its names, shapes and types with what is wanted, and run it once.

    `where` is the file that the content comes from, for the message. Raises ModelProblem.
    """
    try:
        session = onnxruntime.InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
        _check(where, session, names)
        forest = ForestSession(names, session)
        forest.best(np.zeros((_WARM_UP_ROWS, len(names)), dtype=np.float32), _WARM_UP_ROWS)
    except ModelProblem:
        raise
    except Exception as error:
        # The runtime raises a family of its own without a common base.
        raise ModelProblem(f"{where}: cannot be run ({error}); run `aisle train`") from error
    return forest


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # A thread that spins for its next request would take a core from the robot.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _check(where: str, session: onnxruntime.InferenceSession, names: tuple[str, ...]) -> None:
    parts = tuple((part.name, part.type, len(part.shape)) for part in (*session.get_inputs(), *session.get_outputs()))
    (features, limit), (scores, places), (real, whole) = INPUTS, OUTPUTS, _TYPES
    wanted = ((features, real, 2), (limit, whole, 1), (scores, real, 1), (places, whole, 1))
    if parts != wanted:
        raise ModelProblem(f"{where}: has inputs and outputs {parts}, wanted {wanted}; run `aisle train`")
    columns = session.get_inputs()[0].shape[1]
    if columns != len(names):
        raise ModelProblem(f"{where}: reads {columns} features, wanted {len(names)}; run `aisle train`")
    if session.get_modelmeta().custom_metadata_map.get(FEATURES_KEY) != names_digest(names):
        raise ModelProblem(f"{where}: its features are named otherwise than those of this program; run `aisle train`")
