"""How far a run has come, in words for one line: so many, so fast, so long to go."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

Tell: TypeAlias = Callable[[str], None]

_MINUTE, _HOUR = 60, 3600


class Pace:
    """Count what is done of a stage, and tell.

    Parameters
    ----------
    verb : what is being done, "judging"
    tell : is given the state in words after each step
    whole : how many there are; None while that is unknown
    """

    def __init__(self, verb: str, tell: Tell, whole: int | None = None) -> None:
        self.verb, self.tell, self.whole = verb, tell, whole
        self.done = 0
        self.counted = 0  # without what an earlier run had done: that took no time
        self.start = monotonic()
        tell(f"{verb} …")

    def step(self, count: int, *, known: bool = False) -> None:
        """Count some more; known ones were done by an earlier run."""
        self.done += count
        self.counted += 0 if known else count
        self.tell(self.state(monotonic() - self.start))

    def state(self, seconds: float) -> str:
        """Say how far it is after so many seconds."""
        so_far = f"{self.verb}: {self.done:,}"
        parts = [so_far if self.whole is None else f"{so_far} of {self.whole:,}"]
        rate = self.counted / seconds if seconds > 0 else 0.0
        if rate > 0:
            parts.append(f"{rate:,.0f} a second" if rate >= 1 else f"{60 * rate:,.0f} a minute")
            if self.whole is not None:
                parts.append(f"{duration((self.whole - self.done) / rate)} left")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Say a length of time in its largest fitting unit.

    >>> duration(42), duration(600), duration(7000)
    ('42 s', '10 min', '1.9 h')
    """
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:.1f} h"
