"""Inference shell: the Recommend and EstimateIntent services. Stateless: an answer depends on its request alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aisle_interfaces.srv import EstimateIntent, Recommend

from aisle.config import load
from aisle_inference.advice.adviser import Adviser
from aisle_inference.advice.carry import CarriedAdviser, load_adviser
from aisle_inference.advice.rules import Rules
from aisle_inference.advice.timely import TimelyAdviser
from aisle_inference.carried.problem import ModelProblem
from aisle_inference.carried.signature import PUBLIC_KEY_FILE
from aisle_inference.intent.answer import IntentModel, answer
from aisle_inference.intent.events import EventProblem, read_session
from aisle_inference.intent.vocabulary import Vocabulary, vocabulary_of
from aisle_inference.nodes.translate import fill, fill_intent, request_of
from aisle_inference.purchases.table import days_since_epoch
from aisle_ros.node import ManagedNode, spin
from catalogue.replica import open_replica

_NOT_READY = "the adviser is not ready yet"


class InferenceNode(ManagedNode):
    """Serves advice; with a kit that is missing or altered it serves popularity and says so."""

    def __init__(self) -> None:
        super().__init__("inference", {"model": "", "key": "", "store": "", "rules": ""})
        self._adviser: TimelyAdviser | None = None
        self._problem = ""
        self._vocabulary: Vocabulary | None = None
        self._intents: IntentModel | None = None
        self.create_service(Recommend, "/recommend", self._recommend)
        self.create_service(EstimateIntent, "/estimate_intent", self._estimate)

    def configure(self) -> None:
        with open_replica(Path(self.text("store")) / "catalogue.sqlite") as replica:
            products = {product.product_id: product for product in replica.products()}
            self._vocabulary = vocabulary_of(replica.products(), replica.categories(), replica.synonyms())
        rules = load(Path(self.text("rules")), Rules) if self.text("rules") else Rules()
        carried = self._carried()
        self._intents = carried.intents if carried is not None else None
        if self._adviser is not None:
            self._adviser.close()
        kit = carried.kit if carried is not None else None
        self._adviser = TimelyAdviser(Adviser(products, kit, rules, self._problem))

    def health(self) -> str:
        return self._problem

    def _carried(self) -> CarriedAdviser | None:
        folder = Path(self.text("model"))
        key_file = Path(self.text("key")) if self.text("key") else folder.parent / PUBLIC_KEY_FILE
        self._problem = ""
        try:
            return load_adviser(folder, key_file)
        except ModelProblem as problem:
            self._problem = f"popularity only: {problem}"
            self.get_logger().warning(self._problem)
            return None

    def _recommend(self, request: Recommend.Request, response: Recommend.Response) -> Recommend.Response:
        asked = request_of(request)
        if self._adviser is None or not self._is_active:
            response.problem = _NOT_READY
        elif isinstance(asked, str):
            response.problem = asked
        else:
            # The shop's own clock: purchases were learnt by the hour and weekday that people live by.
            now = datetime.now()  # noqa: DTZ005
            fill(response, self._adviser.recommend(asked, days_since_epoch(now)))
        return response

    def _estimate(self, request: EstimateIntent.Request, response: EstimateIntent.Response) -> EstimateIntent.Response:
        if self._vocabulary is None or not self._is_active:
            response.problem = _NOT_READY
        elif self._intents is None:
            response.problem = "no model of what shoppers want is there; run `aisle train`"
        else:
            try:
                session = read_session(request.session_json.encode(), self._vocabulary.column_of)
                fill_intent(response, answer(session, self._vocabulary, self._intents))
            except EventProblem as problem:
                response.problem = str(problem)
        return response


def main() -> None:
    spin(InferenceNode)


if __name__ == "__main__":
    main()
