"""Reads the intent graph and runs it on the CPU. It is read-only: no session can change it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import onnxruntime

from aisle_inference.carried.problem import ModelProblem
from aisle_inference.intent.answer import IntentModel, Limits
from aisle_inference.intent.card import CARD_KEY, INPUTS, OUTPUTS, SHAPES, Card
from aisle_inference.intent.category import EVIDENCE
from aisle_inference.intent.events import INTENTS
from aisle_inference.intent.features import FEATURES
from aisle_inference.intent.vocabulary import Floats

MOST_GRAPH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class IntentGraph:
    """The graph as a scorer."""

    session: onnxruntime.InferenceSession

    def score(self, features: Floats) -> tuple[Floats, Floats]:
        """Return probabilities (I,) and contributions (F, I) of features (F,)."""
        feed = {INPUTS[0]: features.astype(np.float32)[None, :]}
        probabilities, contributions = self.session.run(list(OUTPUTS), feed)
        return probabilities[0].astype(np.float64), contributions.astype(np.float64)


def read_intent_graph(content: bytes) -> IntentModel:
    """Read and check a graph, and run it once. Raises ModelProblem."""
    if len(content) > MOST_GRAPH_BYTES:
        raise ModelProblem(f"the intent graph has {len(content)} bytes, the limit is {MOST_GRAPH_BYTES}; train it anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        _check_signature(session)
        card = _card(session)
        graph = IntentGraph(session)
        graph.score(np.zeros(len(FEATURES)))
    except ModelProblem:
        raise
    except Exception as error:
        # The runtime raises a family of its own without a common base.
        raise ModelProblem(f"the intent graph cannot be run ({error}); train it anew") from error
    return IntentModel(graph, np.array(card.category_weights), Limits(card.intent_limit, card.category_limit))


def _check_signature(session: onnxruntime.InferenceSession) -> None:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    names = tuple(part.name for part in inputs), tuple(part.name for part in outputs)
    if names != (INPUTS, OUTPUTS):
        raise ModelProblem(
            f"the intent graph has inputs and outputs {names}, wanted {(INPUTS, OUTPUTS)}; train it anew"
        )
    for part in (*inputs, *outputs):
        if (part.type, part.shape) != ("tensor(float)", SHAPES[part.name]):
            raise ModelProblem(
                f"the intent graph: '{part.name}' is {part.type} {part.shape}, wanted float {SHAPES[part.name]}; "
                "train it anew"
            )


def _card(session: onnxruntime.InferenceSession) -> Card:
    """Return the card after comparing its names with those of the code."""
    text = session.get_modelmeta().custom_metadata_map.get(CARD_KEY, "")
    try:
        card = msgspec.json.decode(text, type=Card)
    except msgspec.DecodeError as error:
        raise ModelProblem(f"the intent graph: its card is damaged ({error}); train it anew") from error
    if (card.features, card.intents, card.evidence) != (FEATURES, tuple(INTENTS), EVIDENCE):
        raise ModelProblem("the intent graph was made for other features, intents or evidence; train it anew")
    if len(card.category_weights) != len(EVIDENCE):
        raise ModelProblem(
            f"the intent graph: {len(card.category_weights)} category weights, wanted {len(EVIDENCE)}; train it anew"
        )
    return card
