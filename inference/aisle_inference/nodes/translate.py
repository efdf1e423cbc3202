"""Between the ROS services of the inference node and the messages of its core."""

from __future__ import annotations

import msgspec
from aisle_interfaces.srv import EstimateIntent, Recommend

from aisle.messages import Problem
from aisle.messages.advice import Recommended, RecommendRequest
from aisle_inference.intent.answer import Answer


def request_of(request: Recommend.Request) -> RecommendRequest | str:
    """Return the request, or a sentence that says what is wrong with it."""
    lengths = {len(request.history_product_ids), len(request.history_ago_s), len(request.history_quantities)}
    if len(lengths) != 1:
        return "the three lists of the history differ in length"
    history = zip(request.history_product_ids, request.history_ago_s, request.history_quantities, strict=True)
    fields = {
        "advice": request.advice,
        "given": list(request.given),
        "category": request.category,
        "history": [
            {"product_id": int(product), "ago_s": float(ago_s), "quantity": float(quantity)}
            for product, ago_s, quantity in history
        ],
        "refused": list(request.refused),
        "avoid": list(request.avoid),
        "diets": list(request.diets),
        "may_buy_aged": bool(request.may_buy_aged),
        "visit": request.visit,
        "limit": request.limit,
    }
    try:
        return msgspec.convert({"type": RecommendRequest.__name__, **fields}, RecommendRequest)
    except msgspec.ValidationError as error:
        return f"the request cannot be read: {error}"


def fill(response: Recommend.Response, answer: Recommended | Problem) -> Recommend.Response:
    """Write an answer into a response."""
    if isinstance(answer, Problem):
        response.problem = answer.sentence
        return response
    response.product_ids = [item.product_id for item in answer.items]
    response.scores = [item.score for item in answer.items]
    response.causes = [item.cause.value for item in answer.items]
    response.because_ids = [cause for item in answer.items for cause in item.because]
    response.because_counts = [len(item.because) for item in answer.items]
    response.every_days = [item.every_days for item in answer.items]
    response.reasons = [item.reason for item in answer.items]
    response.fallback = answer.fallback
    response.note = answer.note
    response.arm = answer.arm
    return response


def fill_intent(response: EstimateIntent.Response, answer: Answer) -> EstimateIntent.Response:
    """Write what a shopper wants into a response."""
    response.intent = answer.intent.value if answer.intent is not None else ""
    response.probability = answer.probability
    response.category = answer.category or ""
    response.because = [cause.event for cause in answer.causes]
    return response
