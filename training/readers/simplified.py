"""Newspaper articles that teachers re-wrote at three levels (OneStopEnglish)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import PurePosixPath

from training.readers.records import Corpus, Couple, Original, tidy, unique

_LEVELS = ("Elementary", "Intermediate", "Advanced")
# Source level, suspect level.
_STEPS = (("Advanced", "Intermediate"), ("Advanced", "Elementary"), ("Intermediate", "Elementary"))


def onestop(files: Mapping[str, bytes]) -> Corpus:
    """Read one CSV an article, Windows-1252, one column a level, one row a paragraph."""
    originals, couples = [], []
    for path, data in files.items():
        event = f"onestop {PurePosixPath(path).stem}"
        texts = {level: _column(data, level) for level in _LEVELS}
        advanced = Original("onestop", texts["Advanced"], "news", event=event)
        originals.append(advanced)
        for before, after in _STEPS:
            couples.append(
                Couple(
                    corpus="onestop",
                    suspect=texts[after],
                    source=texts[before],
                    relation="human_rewrite",
                    tool="teacher",
                    original=advanced.key,
                    genre="news",
                    strength=f"{before} to {after}",
                    event=event,
                )
            )
    return Corpus(unique(originals), couples)


def _column(data: bytes, level: str) -> str:
    rows = csv.DictReader(io.StringIO(data.decode("cp1252")))
    names = {(name or "").strip("\ufeffï»¿ "): name for name in rows.fieldnames or ()}
    cells = [row.get(names[level]) or "" for row in rows]
    return tidy("\n\n".join(" ".join(cell.split()) for cell in cells))
