"""Versions of Wikipedia articles, near and far: human revision.

The corpus is all in lower case, and so is whatever is made from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from pathlib import PurePosixPath

from training.readers.outputs import LEAST_WORDS
from training.readers.records import (
    Corpus,
    Couple,
    Original,
    length_ratio,
    shared,
    tidy,
    unique,
    words,
)

_LENGTH_RATIOS = (0.6, 1.7)
# Longer versions are whole treatises whose revision touches a corner; the head is enough.
_MOST_WORDS = 800
# Above, a revision changes less than one word in fifteen or so: an edit, not a rewriting.
_LIGHT = 0.8
# Below, one text took the other's place: vandalism, a page moved, a stub replaced.
_LEAST_SHARED = 0.12
# Versions that follow each other, and some further apart, between which several people rewrote.
_APART = (1, 2, 4)
_NOT_PROSE = re.compile(r"^\s*(?:image:|file:|category:|[a-z]{2,3}:\S|\||[*#:=])", re.IGNORECASE)


def versions(files: Mapping[str, bytes]) -> Corpus:
    """Read ``version_documents/<title>/<n>.txt``; talk pages are no articles."""
    pages: dict[str, dict[int, str]] = defaultdict(dict)
    for path, data in files.items():
        parts = PurePosixPath(path).parts
        title = "/".join(parts[1:-1])
        if not title.lower().startswith(("talk:", "user", "wikipedia")):
            number = int(PurePosixPath(path).stem)
            pages[title][number] = _prose(data.decode("utf-8", "replace"))
    originals, couples = [], []
    for title, found in sorted(pages.items()):
        texts = [_head(found[number]) for number in sorted(found)]
        event = f"versions {title}"
        texts = [text for text, _ in groupby(texts) if len(words(text)) >= LEAST_WORDS]
        couples += [
            couple
            for apart in _APART
            for before, after in zip(texts, texts[apart:], strict=False)
            if (couple := _revision(before, after, event))
        ]
        if texts:
            originals.append(Original("versions", texts[-1], "other", event=event))
    return Corpus(unique(originals), couples)


def _prose(text: str) -> str:
    """Drop pictures, categories, tables and list lines, and the few capitals that are left."""
    lines = (line for line in text.lower().splitlines() if not _NOT_PROSE.match(line))
    return tidy("\n".join(lines))


def _head(text: str) -> str:
    """Keep the first paragraphs up to the limit of words, always the first."""
    kept: list[str] = []
    count = 0
    for block in text.split("\n\n"):
        count += len(block.split())
        if kept and count > _MOST_WORDS:
            break
        kept.append(block)
    return "\n\n".join(kept)


def _revision(before: str, after: str, event: str) -> Couple | None:
    """Pair an earlier version with a later one, unless nothing or everything changed."""
    low, high = _LENGTH_RATIOS
    alike = shared(after, before)
    if words(before) == words(after) or alike < _LEAST_SHARED:
        return None
    if not low <= length_ratio(after, before) <= high:
        return None
    original = Original("versions", before, "other", event=event)
    return Couple(
        corpus="versions",
        suspect=after,
        source=before,
        relation="copy" if alike >= _LIGHT else "human_rewrite",
        tool="wikipedia_editor",
        original=original.key,
        genre="other",
        event=event,
    )
