"""What one row of the table is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Work = Callable[[], object]
# A repetition that takes longer than this is not repeated.
LONG_SECONDS = 30


@dataclass(frozen=True)
class Row:
    """One comparison; `fresh` work is built anew for each repetition, outside the timing."""

    name: str
    rival: str
    reach: float | None  # times as fast as the rival; None where none was set
    ours: Callable[[], Work]
    theirs: Callable[[], Work]
    # What else the row says, asked when it has been measured.
    facts: Callable[[], dict[str, Any]] = dict


def each(function: Callable[[Any], object], items: Sequence[Any]) -> Work:
    """Make work of applying a function to each item."""
    return lambda: [function(item) for item in items]
