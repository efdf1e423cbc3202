"""The adviser: one request in, products with their true reasons out. Pure and stateless; shoppers teach it nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from aisle.messages import Problem, ProblemCode
from aisle.messages.advice import Advice, Cause, Recommendation, Recommended, RecommendRequest
from aisle_inference.advice import sentences
from aisle_inference.advice.causes import NamedCause, causes_of
from aisle_inference.advice.companions import companions
from aisle_inference.advice.kit import Kit
from aisle_inference.advice.question import NO_EVENTS, OwnEvents, Question
from aisle_inference.advice.ranking import Mask, ServedRanking, Top
from aisle_inference.advice.rules import Rules, Shelves
from aisle_inference.advice.suspects import suspects_of
from aisle_inference.harness.queries import ANY_CATEGORY, Task
from catalogue.products import Product

TASKS = {
    Advice.REMIND: Task.NEXT_BASKET,
    Advice.DISCOVER: Task.NOVEL,
    Advice.COMPLETE: Task.COMPLETION,
    Advice.WITH: Task.COMPLETION,
    Advice.HERE: Task.SHELF,
}
CausesOf = Callable[[Sequence[int]], list[NamedCause]]
_DAY_S = 86_400.0
# Of a category only a few are shown, so that more are ranked than are wanted.
_LOOKED_AT = 100
# Fewer purchases than this have no rhythm to speak of.
_LEAST_FOR_RHYTHM = 3


class Adviser:
    """Answers from the kit; without one, or where it knows nothing, from what the store sells most, and says so."""

    def __init__(
        self, products: Mapping[int, Product], kit: Kit | None, rules: Rules = Rules(), missing: str = ""
    ) -> None:
        """Take the catalogue by product number; `missing` says why there is no kit."""
        self._products = products
        self._kit = kit
        self._rules = rules
        self._missing = missing or "the learned ranking is not there"
        by_sales = sorted(products.values(), key=lambda product: (-product.purchases, product.product_id))
        self._popular = tuple(product.product_id for product in by_sales)
        self._popular_place = {number: place for place, number in enumerate(self._popular)}
        self._popular_category = np.array([product.category_id for product in by_sales], dtype=np.str_)
        self._store_shelves = Shelves.of([products[number] for number in self._popular], rules)
        self._kit_shelves = _shelves_of(kit, products, rules) if kit is not None else None

    def recommend(self, request: RecommendRequest, time_d: float) -> Recommended | Problem:
        """Return up to `limit` products that are allowed, best first; `time_d` is the shop's clock, days since EPOCH.

        Products that the catalogue does not know are a problem in the basket and are passed over in the history.
        """
        problem = self._refusal(request)
        if problem is not None:
            return problem
        arm = self._rules.comparison.arm_of(request.visit) if self._rules.comparison is not None else None
        if arm == "control":
            return self._by_sales(request, "", arm="control", is_fallback=False)
        answer, why_not = self._ranked(request, time_d, arm or "")
        return answer or self._by_sales(request, why_not, arm=arm or "", is_fallback=True)

    def by_sales(self, request: RecommendRequest, note: str) -> Recommended | Problem:
        """Answer from what the store sells most, and say why."""
        return self._refusal(request) or self._by_sales(request, note, arm="", is_fallback=True)

    def _refusal(self, request: RecommendRequest) -> Problem | None:
        unknown = [product for product in request.given if product not in self._products]
        if unknown:
            return _problem(f"the catalogue has no product {unknown[0]}", ProblemCode.UNKNOWN_PRODUCT)
        if request.advice is Advice.WITH and len(request.given) > 1:
            return _problem(f"what goes with one product is asked of {len(request.given)}; ask to complete a basket")
        if request.advice is Advice.HERE and not request.category:
            return _problem("which shelf is meant? name its category")
        for number, bought in enumerate(request.history):
            if not (math.isfinite(bought.ago_s) and math.isfinite(bought.quantity)):
                return _problem(f"purchase {number} of the history has no time or quantity; leave it out")
        return None

    def _ranked(self, request: RecommendRequest, time_d: float, arm: str) -> tuple[Recommended | None, str]:
        """Return the answer of the ranking, or why it has none."""
        kit, shelves = self._kit, self._kit_shelves
        if kit is None or shelves is None:
            return None, self._missing
        ranking = kit.rankings.get(TASKS[request.advice])
        if ranking is None:
            return None, f"no ranking was learnt for {request.advice.value}"
        question = self._question(kit, request, time_d)
        if isinstance(question, str):
            return None, question
        return self._explained(kit, ranking, shelves, question, request, arm), "the ranking finds nothing that fits"

    def _question(self, kit: Kit, request: RecommendRequest, time_d: float) -> Question | str:
        """Return the request in the kit's numbers, or why it cannot be asked."""
        category = ANY_CATEGORY
        if request.advice is Advice.HERE:
            code = kit.lore.assortment.category_of(request.category)
            if code is None:
                return f"the ranking knows no shelf {request.category}"
            category = code
        given = np.array(sorted(_places(kit, request.given)), dtype=np.int32)
        own = NO_EVENTS
        if request.advice in (Advice.REMIND, Advice.DISCOVER):
            own = _own_events(kit, request)
            if not len(own.product):
                return "nothing is known of what the shopper bought before"
        if request.advice in (Advice.COMPLETE, Advice.WITH) and not len(given):
            return "there is nothing in the basket that the ranking knows"
        store = kit.lore.store_of(self._rules.data_store_id)
        return Question(TASKS[request.advice], time_d, store, given, own, category)

    def _explained(
        self,
        kit: Kit,
        ranking: ServedRanking,
        shelves: Shelves,
        question: Question,
        request: RecommendRequest,
        arm: str,
    ) -> Recommended | None:
        allowed = shelves.allowed(request, _places(kit, (*request.given, *request.refused)))
        looked_up = _that_go_with_it if request.advice is Advice.WITH else _likeliest
        top, causes_of_chosen = looked_up(kit, ranking, question, allowed)
        chosen = shelves.choose(top.product, request, self._rules.most_of_a_category)
        if not chosen:
            return None
        causes = causes_of_chosen(chosen)
        score = dict(zip(top.product.tolist(), top.score.tolist(), strict=True))
        items = [
            self._item(kit, question, product, score[product], named)
            for product, named in zip(chosen, causes, strict=True)
        ]
        return Recommended(items=tuple(items), arm=arm)

    def _item(self, kit: Kit, question: Question, product: int, score: float, named: NamedCause) -> Recommendation:
        ids = kit.lore.assortment.product_ids
        because = tuple(int(ids[cause]) for cause in named.because)
        # What is said of a product that nobody bought is true of its kin alone.
        cause = Cause.NEW if kit.lore.is_new[product] else named.cause
        every_days = _every_days(question, product) if cause is Cause.OWN else 0
        names = [self._products[number].name if number in self._products else str(number) for number in because]
        return Recommendation(
            product_id=int(ids[product]),
            score=score,
            because=because,
            reason=sentences.reason(cause, names, every_days),
            cause=cause,
            every_days=every_days,
        )

    def _by_sales(self, request: RecommendRequest, note: str, arm: str, is_fallback: bool) -> Recommended:
        shelves = self._store_shelves
        place_of = self._popular_place
        left_out = [place_of[number] for number in (*request.given, *request.refused) if number in place_of]
        allowed = shelves.allowed(request, left_out)
        if request.advice is Advice.HERE:
            allowed &= self._popular_category == request.category
        chosen = shelves.choose(np.flatnonzero(allowed), request, self._rules.most_of_a_category)
        items = tuple(self._popular_item(self._popular[place]) for place in chosen)
        return Recommended(
            items=items, fallback=is_fallback, note=note if items else sentences.nothing(request), arm=arm
        )

    def _popular_item(self, product_id: int) -> Recommendation:
        purchases = float(self._products[product_id].purchases)
        reason = sentences.reason(Cause.STORE, (), 0)
        return Recommendation(product_id=product_id, score=purchases, because=(), reason=reason, cause=Cause.STORE)


def _likeliest(kit: Kit, ranking: ServedRanking, question: Question, allowed: Mask) -> tuple[Top, CausesOf]:
    """Return what the ranking puts first, and how its causes are found."""
    asked = question.contexts(ranking.products)
    top = ranking.top(asked, allowed, _LOOKED_AT)
    return top, lambda chosen: causes_of(ranking, question, asked, top, chosen, partial(suspects_of, kit.lore))


def _that_go_with_it(kit: Kit, ranking: ServedRanking, question: Question, allowed: Mask) -> tuple[Top, CausesOf]:
    """Return what gains by the one product asked about, which is the cause of each; another of its kind is no gain."""
    kind, asked = kit.lore.assortment.kind, question.contexts(ranking.products)
    others = allowed & ~np.isin(kind, kind[question.given])
    because = NamedCause(Cause.BASKET, tuple(question.given.tolist()))
    return companions(ranking, asked, ranking.top(asked, others, _LOOKED_AT)), lambda chosen: [because] * len(chosen)


def _problem(sentence: str, code: ProblemCode = ProblemCode.MALFORMED) -> Problem:
    return Problem(code=code, sentence=sentence)


def _shelves_of(kit: Kit, products: Mapping[int, Product], rules: Rules) -> Shelves:
    return Shelves.of([products.get(int(number)) for number in kit.lore.assortment.product_ids], rules)


def _places(kit: Kit, product_ids: Iterable[int]) -> set[int]:
    """Return the places of those products that the kit knows."""
    return {kit.place_of[number] for number in product_ids if number in kit.place_of}


def _own_events(kit: Kit, request: RecommendRequest) -> OwnEvents:
    known = [bought for bought in request.history if bought.product_id in kit.place_of]
    return OwnEvents(
        product=np.array([kit.place_of[bought.product_id] for bought in known], dtype=np.int32),
        age_d=np.array([bought.ago_s / _DAY_S for bought in known], dtype=np.float64),
        quantity=np.array([bought.quantity for bought in known], dtype=np.float64),
    )


def _every_days(question: Question, product: int) -> int:
    """Return the mean days between the shopper's purchases of a product, 0 where there is no rhythm."""
    days: Sequence[float] = np.unique(
        np.floor(question.time_d - question.own.age_d[question.own.product == product])
    ).tolist()
    if len(days) < _LEAST_FOR_RHYTHM:
        return 0
    return max(1, round((days[-1] - days[0]) / (len(days) - 1)))
