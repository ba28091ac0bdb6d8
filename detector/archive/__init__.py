"""The archive: articles that were seen, and what was said of them, in one DuckDB file.

A run holds the archive for as long as it is at work (`held`), reads it through the statements of
`schema`, and adds what it found in one transaction (`take_in`). docs/decisions/0066-archive.md.
"""

from detector.archive.additions import take_in
from detector.archive.file import attached, check_kind, head, held, ready
from detector.archive.inspection import stats, verify
from detector.archive.judged import Judged, is_archive, judged
from detector.archive.takedown import forget

__all__ = [
    "Judged",
    "attached",
    "check_kind",
    "forget",
    "head",
    "held",
    "is_archive",
    "judged",
    "ready",
    "stats",
    "take_in",
    "verify",
]
