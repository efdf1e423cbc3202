"""The model of what shoppers want, made for the kit of a store from sessions that are made up from its catalogue."""

from __future__ import annotations

from pathlib import Path

from aisle_inference.advice.carry import INTENT_FILE
from aisle_inference.intent.export import intent_graph
from aisle_inference.intent.practice import PracticeSettings, ground_of, practise
from catalogue.replica import open_replica

LEARNT_FROM = "sessions made up from the catalogue; no real shopper is in them"


def intent_files(store_dir: Path, settings: PracticeSettings | None = None) -> dict[str, bytes]:
    """Return the file for the kit. Raises catalogue.replica.ReplicaError."""
    with open_replica(store_dir / "catalogue.sqlite") as replica:
        ground = ground_of(replica.products(), replica.categories(), replica.synonyms())
    model = practise(ground, settings or PracticeSettings())
    return {INTENT_FILE: intent_graph(model, LEARNT_FROM).SerializeToString()}
