"""What goes with one product: of what may be bought with it, that which gains most by it.

The likeliest products beside anything are those that everybody buys. What is asked here is what the product itself
calls for, so that the order is by how much it adds to the log odds of each.
"""

from __future__ import annotations

import numpy as np

from aisle_inference.advice.ranking import ServedRanking, Top
from aisle_inference.advice.removal import without_given
from aisle_inference.ranking.contexts import Contexts


def companions(ranking: ServedRanking, asked: Contexts, top: Top) -> Top:
    """Return those of the top that gain by what is given, by falling gain, which becomes their score."""
    everything = tuple(asked.given[0].tolist())
    alone = ranking.scores(without_given(asked, [everything]), top.product)[0]
    gain = np.asarray(top.score - alone, dtype=np.float32)
    order = np.argsort(-gain, kind="stable")
    order = order[gain[order] > 0.0]
    return Top(top.product[order], gain[order], top.features[order])
