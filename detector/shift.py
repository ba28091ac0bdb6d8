"""How a suspect's style and words lie from its source's: what a machine's hand would have changed.

All of it is odd: swapping the two turns the sign, and a text has no shift from itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.estimators import Wording

Floats: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = NDArray[np.float32]
# What `detector.features.wording` lists of a suspect, and of its source.
BothWordings: TypeAlias = tuple[NDArray[np.uint32], NDArray[np.uint32]]

# Of odds and of scores, so that equal rows get equal ones: a float32 product's last bits depend on
# a row's place in the batch.
DECIMALS = 6
# Of the words of the corpora two in a hundred weigh more, either way.
LEANS = 20  # steps of the words' weights


@dataclass(frozen=True)
class Direction:
    """How far the suspect's style lies from the source's on the way to a machine's.

    It sees nothing but differences, suspect - source, squeezes each to (-1, 1) and has no
    intercept; so swapping the two turns the sign: docs/decisions/0016-direction.md.
    """

    columns: NDArray[np.int64]  # the differences among the features, shape (d,)
    scale: Floats  # what counts as a large difference, shape (d,)
    weights: Floats  # shape (d,)

    def squeezed(self, matrix: Matrix) -> Floats:
        """Bring the differences to one scale, odd in each; what was not measured says nothing."""
        squeezed: Floats = np.nan_to_num(np.tanh(matrix[:, self.columns] / self.scale / 2))
        return squeezed

    def __call__(self, matrix: Matrix) -> Floats:
        """Log odds that the suspect is the machine's of the two, shape (n,)."""
        odds: Floats = np.round(self.squeezed(matrix) @ self.weights, DECIMALS)
        return odds


@dataclass(frozen=True)
class Shift:
    """The step from source to suspect, in style and in words, on the way to a machine's manner.

    Learnt from language models it adds to the log odds of a rewrite: such a model brings words that
    it likes, couples of them, a level of style. How it changed the source differs with the prompt
    and the model; that the result reads more like a language model than the source does holds for
    models and corpora that were never seen: docs/decisions/0091-shift.md.

    Learnt from every machine it says which of two articles is the copy where times do not tell;
    never can both be called so: docs/decisions/0094-direction-by-words.md.
    """

    style: Direction
    words: Wording  # of articles one by one; of a pair the difference counts

    def __call__(self, matrix: Matrix, wordings: Sequence[BothWordings]) -> Floats:
        """Log odds that the step leads towards a machine, shape (n,)."""
        return self.style(matrix) + self.of_words(wordings)

    def of_words(self, wordings: Sequence[BothWordings]) -> Floats:
        """Log odds for words and couples, shape (n,)."""
        suspects, sources = ([both[side] for both in wordings] for side in (0, 1))
        odds: Floats = self.words.log_odds(suspects) - self.words.log_odds(sources)
        return np.round(odds, DECIMALS)

    def leanings(self, buckets: Iterable[int]) -> list[int]:
        """Say of words how much language models like them; below 0 drop them; 0 where neither."""
        weights = self.words.weights[np.fromiter(buckets, np.int64)].astype(int)
        return [weight if abs(weight) >= LEANS else 0 for weight in weights.tolist()]
