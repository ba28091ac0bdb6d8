"""A last bound for what the others do not foresee: processor time.

What makes a parser slow is counted before it is called, see `limits`. Should something be slow all
the same, a timer of the process ends it: at once where Python runs, and where C does when that
comes back.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from detector.ingest.limits import MAX_SECONDS

# What is raised may be lost in a callback that C has made, so it is raised again.
_AGAIN = 1.0


class TooSlowError(BaseException):
    """Reading took more processor time than the bound; no error, since libraries catch those."""

    def __init__(self) -> None:
        super().__init__(f"over {MAX_SECONDS} s of processor time")


@contextmanager
def in_time() -> Iterator[None]:
    """Bound the processor time of a block; while one inside another runs, the outer's stands still.

    In a thread other than the main one there is no bound: Python has no timer for those.

    Raises
    ------
    TooSlowError
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _heed_the_timer()
    outer = signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, *outer)


@cache
def _heed_the_timer() -> None:
    """Turn the timer's signal into an exception, for good: a late one must not end the process."""
    signal.signal(signal.SIGVTALRM, _too_slow)


def _too_slow(*_: object) -> None:
    if signal.getitimer(signal.ITIMER_VIRTUAL)[0]:
        raise TooSlowError
