"""Measure the cold start alone: `python -m aisle_inference.evaluation.cold_report [--quick] [--products FOLDER]`.

The folder holds history.parquet and catalogue.parquet, as `aisle adviser-data` writes them; without one it is the demo
store's catalogue.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from aisle.paths import demo_store_dir
from aisle_inference.evaluation.cold import ColdSettings, cold_start
from aisle_inference.evaluation.judged import judged, last_month
from aisle_inference.evaluation.tables import cold_table
from aisle_inference.training.settings import quick, thorough
from aisle_inference.training.shop import Shop, demo_shop, shop_of_files

_USUAL = ColdSettings()


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn with and without a tenth of the products and print cold beside warm."""
    asked = _parser().parse_args(arguments)
    shop = demo_shop(demo_store_dir()) if asked.products is None else _shop_in(asked.products)
    settings = ColdSettings(share=asked.share, seed=asked.seed, days_on_sale=asked.days)
    console = Console()
    with console.status("making the questions") as status:
        figures = cold_start(
            judged(shop, last_month(shop)),
            quick() if asked.quick else thorough(),
            settings,
            lambda what, share: status.update(f"{what} ({share:.0%})"),
        )
    console.print(cold_table(figures))


def _shop_in(folder: Path) -> Shop:
    return shop_of_files(folder / "history.parquet", folder / "catalogue.parquet", None, None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="learn quickly")
    parser.add_argument("--products", type=Path, help="folder with history.parquet and catalogue.parquet")
    parser.add_argument("--share", type=float, default=_USUAL.share, help="share of products that is hidden")
    parser.add_argument("--seed", type=int, default=_USUAL.seed, help="which products are hidden")
    parser.add_argument("--days", type=float, default=_USUAL.days_on_sale, help="days that they have been on sale")
    return parser


if __name__ == "__main__":
    main()
