"""Adviser shell: the Recommend service. Stateless: everything an answer depends on is in the request."""

from __future__ import annotations

from pathlib import Path

from aisle_interfaces.srv import Recommend

from aisle.messages import Problem
from aisle.messages.visit import Recommended
from aisle_inference.adviser import Adviser
from aisle_inference.manifest import ModelProblem
from aisle_inference.runtime import load_model
from aisle_ros.node import ManagedNode, spin
from catalogue.replica import open_replica

_MOST_GIVEN = 200
_MOST_WANTED = 50


class InferenceNode(ManagedNode):
    """Serves recommendations; with a model that is missing or altered it serves popularity and says so."""

    def __init__(self) -> None:
        super().__init__("inference", {"model": "", "store": ""})
        self._adviser: Adviser | None = None
        self._problem = ""
        self.create_service(Recommend, "/recommend", self._recommend)

    def configure(self) -> None:
        with open_replica(Path(self.text("store")) / "catalogue.sqlite") as replica:
            products = {product.product_id: product for product in replica.products()}
        self._problem = ""
        try:
            model = load_model(Path(self.text("model")))
        except ModelProblem as problem:
            self._problem = f"popularity only: {problem}"
            self.get_logger().warning(self._problem)
            model = None
        self._adviser = Adviser(products, model)

    def health(self) -> str:
        return self._problem

    def _recommend(self, request: Recommend.Request, response: Recommend.Response) -> Recommend.Response:
        if self._adviser is None or not self._is_active:
            response.problem = "the adviser is not ready yet"
        elif len(request.given) > _MOST_GIVEN or not 1 <= request.limit <= _MOST_WANTED:
            response.problem = f"at most {_MOST_GIVEN} products can be given and 1 to {_MOST_WANTED} wanted"
        else:
            _fill(response, self._adviser.recommend(tuple(request.given), request.limit))
        return response


def _fill(response: Recommend.Response, answer: Recommended | Problem) -> None:
    if isinstance(answer, Problem):
        response.problem = answer.sentence
        return
    response.product_ids = [item.product_id for item in answer.items]
    response.scores = [item.score for item in answer.items]
    response.because_ids = [cause for item in answer.items for cause in item.because]
    response.because_counts = [len(item.because) for item in answer.items]
    response.reasons = [item.reason for item in answer.items]
    response.fallback = answer.fallback


def main() -> None:
    spin(InferenceNode)


if __name__ == "__main__":
    main()
