"""What is known of each candidate whoever asks: how it sells, lately, in this store and at this time."""

from __future__ import annotations

import numpy as np

from aisle_inference.ranking.candidates import Candidates
from aisle_inference.ranking.contexts import Contexts
from aisle_inference.ranking.kernels import entries
from aisle_inference.ranking.named import Columns
from aisle_inference.ranking.sales import Sales, hour_of, weekday_of


def ware_columns(own: Contexts, candidates: Candidates, sales: Sales) -> Columns:
    """Return the sales figures of the candidates; an unknown store has none of its own."""
    product, query = candidates.product, candidates.query
    figures = {
        "purchases": sales.purchases,
        "buyers": sales.buyers,
        "again": sales.again,
        "week": sales.week,
        "month": sales.month,
        "quarter": sales.quarter,
        "trend": sales.trend,
        "price": sales.price,
        "discounted": sales.discounted,
    }
    columns = {f"sold {name}": values[product] for name, values in figures.items()}
    columns["sold at this hour"] = sales.hour[hour_of(own.time_d)[query], product]
    columns["sold on this weekday"] = sales.weekday[weekday_of(own.time_d)[query], product]
    return columns | _store_columns(own, candidates, sales)


def _store_columns(own: Contexts, candidates: Candidates, sales: Sales) -> Columns:
    store, product = own.store[candidates.query], candidates.product
    sold = entries(sales.store_season, store, product)
    total = sales.store_season_total[store]
    chain = sales.quarter[product] / max(1.0, float(sales.quarter.sum()))
    columns = {
        "store season": sold,
        "store season share": sold / (total + 1.0),
        "store ever": entries(sales.store, store, product),
        "store lift": (sold + 0.5) / (total * chain + 0.5),
    }
    return {name: np.where(store < 0, np.nan, values).astype(np.float32) for name, values in columns.items()}
