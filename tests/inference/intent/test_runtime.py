from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper

from aisle_inference.carried.problem import ModelProblem
from aisle_inference.intent.answer import answer
from aisle_inference.intent.card import CARD_KEY, INPUTS, OUTPUTS, Card
from aisle_inference.intent.export import intent_graph
from aisle_inference.intent.features import FEATURES
from aisle_inference.intent.mixing import SHIFTED
from aisle_inference.intent.practice import sessions_to_judge_by
from aisle_inference.intent.runtime import MOST_GRAPH_BYTES, read_intent_graph
from tests.inference.intent.worlds import SETTINGS, ground, model


@cache
def content() -> bytes:
    return bytes(intent_graph(model(), "made-up sessions of a test").SerializeToString())


def altered(**changes: object) -> bytes:
    """Return the graph with another card."""
    graph = onnx.load_model_from_string(content())
    card = msgspec.to_builtins(msgspec.json.decode(graph.metadata_props[0].value, type=Card))
    helper.set_model_props(graph, {CARD_KEY: msgspec.json.encode(card | changes).decode()})
    return bytes(graph.SerializeToString())


def test_the_graph_promises_its_names_and_says_what_it_learnt_from() -> None:
    graph = onnx.load_model_from_string(content())
    assert tuple(part.name for part in graph.graph.input) == INPUTS
    assert tuple(part.name for part in graph.graph.output) == OUTPUTS
    card = msgspec.json.decode(graph.metadata_props[0].value, type=Card)
    assert card.learnt_from == "made-up sessions of a test"
    assert card.features == FEATURES


@settings(max_examples=50, deadline=None)
@given(values=st.lists(st.floats(0.0, 20.0), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_the_graph_agrees_with_numpy(values: list[float]) -> None:
    features = np.array(values)
    for ours, theirs in zip(
        read_intent_graph(content()).scorer.score(features), model().scorer.score(features), strict=True
    ):
        assert theirs == pytest.approx(ours, abs=1e-4)


def test_the_graph_answers_sessions_as_the_model_does() -> None:
    graph, vocabulary = read_intent_graph(content()), ground().vocabulary
    for labelled in sessions_to_judge_by(ground(), SHIFTED, SETTINGS)[:60]:
        ours, theirs = (answer(labelled.session, vocabulary, one) for one in (model(), graph))
        assert (theirs.intent, theirs.categories) == (ours.intent, ours.categories)
        assert [cause.event for cause in theirs.causes] == [cause.event for cause in ours.causes]
        assert theirs.probability == pytest.approx(ours.probability, abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"features": FEATURES[::-1]}, "made for other features"),
        ({"intents": ["buy", "do", "go", "know"]}, "made for other features, intents"),
        ({"category_weights": [1.0]}, "1 category weights, wanted 7"),
        ({"intent_limit": "high"}, "its card is damaged"),
    ],
)
def test_a_graph_of_other_meaning_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ModelProblem, match=said):
        read_intent_graph(altered(**changes))


def test_a_graph_without_a_card_is_refused() -> None:
    graph = onnx.load_model_from_string(content())
    del graph.metadata_props[:]
    with pytest.raises(ModelProblem, match="its card is damaged"):
        read_intent_graph(graph.SerializeToString())


def test_a_graph_of_other_names_or_shapes_is_refused() -> None:
    renamed = onnx.load_model_from_string(content().replace(b"contributions", b"contributionz"))
    with pytest.raises(ModelProblem, match="wanted"):
        read_intent_graph(renamed.SerializeToString())
    wider = onnx.load_model_from_string(content())
    wider.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "rows"
    with pytest.raises(ModelProblem, match="'features' is"):
        read_intent_graph(wider.SerializeToString())


@pytest.mark.parametrize("junk", [b"", b"junk", b"\0" * 100])
def test_junk_is_no_graph(junk: bytes) -> None:
    with pytest.raises(ModelProblem, match="train it anew"):
        read_intent_graph(junk)


def test_a_graph_past_the_limit_is_not_read() -> None:
    with pytest.raises(ModelProblem, match="the limit is 1000000"):
        read_intent_graph(b"\0" * (MOST_GRAPH_BYTES + 1))
