"""What drove a score: how much of it goes away when a family of features says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from detector.features import FEATURES, measure
from detector.features.comparison import Comparison
from detector.features.wording import both_wordings

if TYPE_CHECKING:
    from detector.classify import Model

# Effects below half a point in a hundred are noise of the trees.
SMALLEST = 0.005


@dataclass(frozen=True, slots=True)
class Driver:
    """A family of features and what it did to the score."""

    family: str
    effect: float  # score as it is - score with the family at its ordinary values; -1 to 1


Drivers: TypeAlias = Callable[[Comparison], Sequence[Driver]]
# What a driver is called that is no family of features: words and couples, weighed one by one.
WORDING = "wording"


def occlusion(model: Model) -> Drivers:
    """Explain scores of a model by setting one family of features to its training median at a time.

    Families share information, so effects do not add up to the score: where two say the same,
    neither is missed. It is the cheapest explanation that needs nothing but the model itself.

    Returns
    -------
    A function of a pair, giving the families by the size of their effect.
    """
    columns = model.familiarity.columns
    families = np.array([f.family for f in FEATURES])[columns]
    names = list(dict.fromkeys(families.tolist()))

    def explain(pair: Comparison) -> Sequence[Driver]:
        variants = np.repeat(measure(pair)[None, :], len(names) + 2, axis=0)
        for variant, name in zip(variants[2:], names, strict=True):
            chosen = families == name
            variant[columns[chosen]] = model.familiarity.center[chosen]
        suspect, source = both_wordings(pair)
        # The second variant has the words of the source on both sides.
        wordings = [(source if i == 1 else suspect, source) for i in range(len(variants))]
        full, *without = (opinion.score for opinion in model.opinions(variants, wordings))
        effects = [
            Driver(name, full - score)
            for name, score in zip([WORDING, *names], without, strict=True)
        ]
        felt = (d for d in effects if abs(d.effect) >= SMALLEST)
        return sorted(felt, key=lambda d: -abs(d.effect))

    return explain
