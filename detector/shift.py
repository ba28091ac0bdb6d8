"""How a suspect's style and words lie from its source's: what a machine's hand would have changed.

All of it is odd: swapping the two turns the sign, and a text has no shift from itself.
"""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Direction:
    """Which of two articles looks like the machine's, where one was made of the other.

    It sees nothing but differences, suspect - source, squeezes each to (-1, 1) and has no
    intercept; so swapping the two turns the sign, and never can both be called the copy:
    docs/decisions/0016-direction.md.
    """

    columns: NDArray[np.int64]  # the differences among the features, shape (d,)
    scale: Floats  # what counts as a large difference, shape (d,)
    weights: Floats  # shape (d,)

    def squeezed(self, matrix: Matrix) -> Floats:
        """Bring the differences to one scale, odd in each; what was not measured says nothing."""
        squeezed: Floats = np.nan_to_num(np.tanh(matrix[:, self.columns] / self.scale / 2))
        return squeezed

    def __call__(self, matrix: Matrix) -> Floats:
        """Log odds that the suspect is the one that was made, shape (n,)."""
        odds: Floats = np.round(self.squeezed(matrix) @ self.weights, DECIMALS)
        return odds


@dataclass(frozen=True)
class Shift:
    """What the step from source to suspect adds to the log odds of a machine's rewrite.

    A language model that rewrites brings its own manner along: words that it likes, couples of
    them, a level of style. How it changed the source differs with the prompt and the model; that
    the result reads more like a language model than the source does holds for models and corpora
    that were never seen: docs/decisions/0091-shift.md.
    """

    style: Direction
    words: Wording  # of articles one by one; of a pair the difference counts

    def __call__(self, matrix: Matrix, wordings: Sequence[BothWordings]) -> Floats:
        """Log odds to add, shape (n,)."""
        return self.style(matrix) + self.of_words(wordings)

    def of_words(self, wordings: Sequence[BothWordings]) -> Floats:
        """Log odds for words and couples, shape (n,)."""
        suspects, sources = ([both[side] for both in wordings] for side in (0, 1))
        odds: Floats = self.words.log_odds(suspects) - self.words.log_odds(sources)
        return np.round(odds, DECIMALS)
