"""No regular expression of the package backtracks badly over a string that was made for it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import detector

# `re` has no public parser; a pattern's letters are what an attacker would repeat.
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

LENGTH = 4000
# Quadratic time over so many characters is .1 s and more, linear time less than a millisecond.
SECONDS = 0.05
# Patterns that are only ever tried on strings of a bounded length, or only at their beginning:
# the longest string each can meet, and how it is tried.
MEETS: dict[str, tuple[int, tuple[str, ...]]] = {
    "detector.clean.boilerplate._LINE": (300, ("fullmatch",)),
    "detector.clean.boilerplate._CASED_LINE": (300, ("fullmatch",)),
    "detector.clean.boilerplate._BYLINE": (300, ("fullmatch",)),
    "detector.clean.boilerplate._LIST_LABEL": (LENGTH, ("fullmatch",)),
    "detector.clean.boilerplate._PREAMBLE": (LENGTH, ("match",)),
    "detector.clean.boilerplate._CREDIT": (160, ("search",)),
    "detector.clean.credits._FORMS": (300, ("fullmatch",)),
    "detector.clean.credits._SIGNATURE": (300, ("fullmatch",)),
    "detector.dates._WRITTEN": (80, ("fullmatch",)),
    "detector.dates._SLASHED": (80, ("fullmatch",)),
    "detector.hosts._BARE_ADDRESS": (LENGTH, ("match",)),
    "detector.ingest.http_message._CHUNK_SIZE": (LENGTH, ("match",)),
    "detector.ingest.kinds._ARCHIVE": (LENGTH, ("match",)),
    "detector.ingest.kinds._LINES_OF_JSON": (LENGTH, ("match",)),
    "detector.ingest.kinds._PROLOGUE": (LENGTH, ("match",)),
    "detector.ingest.pages._PAGE": (LENGTH, ("match",)),
}


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Collect the compiled patterns of every module, each once."""
    found: dict[re.Pattern[str] | re.Pattern[bytes], str] = {}
    for module in pkgutil.walk_packages(detector.__path__, "detector."):
        if module.name == "detector.__main__":
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for part in value if isinstance(value, (tuple, list)) else [value]:
                if isinstance(part, re.Pattern):
                    found.setdefault(part, f"{module.name}.{name}")
    named: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for pattern, name in found.items():
        named[name if name not in named else f"{name}#{len(named)}"] = pattern
    return named


PATTERNS = patterns()
# Few patterns have more parts; of boilerplate's hundred alternatives the shortest are tried.
MOST_BEGINS = 40
FILLERS = frozenset(" \na01.<-\"'")
ANY = ("ANY", "IN", "NOT_LITERAL")
OF_CATEGORY = {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a"}


def letters(parsed: object) -> Iterator[str]:
    """Give the characters that a parsed pattern speaks of."""
    if isinstance(parsed, tuple) and len(parsed) == 2 and str(parsed[0]) in ("LITERAL", "RANGE"):
        first = parsed[1] if isinstance(parsed[1], int) else parsed[1][0]
        yield chr(first)
    elif isinstance(parsed, tuple) and len(parsed) == 2 and str(parsed[0]) == "CATEGORY":
        yield OF_CATEGORY.get(str(parsed[1]), "é")
    elif isinstance(parsed, (tuple, list, parser.SubPattern)):
        for part in parsed:
            yield from letters(part)


def shortest(parsed: object) -> str:
    """Write a short text for a part of a pattern, as far as that needs one."""
    if isinstance(parsed, (list, parser.SubPattern)):
        return "".join(map(shortest, parsed))
    kind, value = str(parsed[0]), parsed[1]  # type: ignore[index]
    if kind == "BRANCH":
        return shortest(value[1][0])
    if kind in ("SUBPATTERN", "ATOMIC_GROUP"):
        return shortest(value[-1] if kind == "SUBPATTERN" else value)
    if kind.endswith("REPEAT"):
        return shortest(value[2]) * min(value[0], 20)
    return next(letters(value if kind == "IN" else parsed), "a" if kind in ANY else "")


def begins(parsed: object) -> set[str]:
    """Write what brings the matching to each part of a pattern, a run of letters being one."""
    found, so_far = {""}, ""
    for part in parsed:  # type: ignore[attr-defined]
        kind, value = str(part[0]), part[1]
        if kind != "LITERAL":
            found.add(so_far)
        if kind in ("SUBPATTERN", "ATOMIC_GROUP"):
            inner = begins(value[-1] if kind == "SUBPATTERN" else value)
            found |= {so_far + begin for begin in inner}
        elif kind == "BRANCH":
            found |= {so_far + begin for branch in value[1] for begin in begins(branch)}
        so_far += shortest([part])
        if kind != "LITERAL":
            found.add(so_far)
    return found | {so_far}


def attacks(pattern: re.Pattern[str] | re.Pattern[bytes], length: int) -> Iterator[str]:
    """Make strings of the pattern's own pieces, repeated, that end in what fits nothing."""
    text = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    parsed = parser.parse(text, pattern.flags & ~re.UNICODE)
    single = sorted(set(letters(parsed)) | set(" \na.1"))
    starts = sorted(begins(parsed), key=len)[:MOST_BEGINS]
    marks = [*[letter for letter in single if not letter.isalnum()][:8], "a", "1", "A"]
    pieces = {
        *single,
        *starts,
        *(f"{start} " for start in starts),
        *(a + b for a in marks for b in marks),
    }
    for piece in sorted(pieces - {""}):
        for start in starts if piece in FILLERS else ("",):
            yield start + piece * (length // len(piece)) + "\x00"


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_about_linear_time(name: str) -> None:
    """No string of four thousand characters takes a pattern longer than a twentieth of a second."""
    pattern = PATTERNS[name]
    length, ways = MEETS.get(name.partition("#")[0], (LENGTH, ("search", "fullmatch")))
    slow = []
    for attack in attacks(pattern, length):
        text = attack if isinstance(pattern.pattern, str) else attack.encode("latin-1", "replace")
        for way in ways:
            begin = time.thread_time()
            getattr(pattern, way)(text)
            if time.thread_time() - begin > SECONDS:
                slow.append((way, attack[:40]))

    assert slow == []


def test_the_measure_sees_a_bad_pattern() -> None:
    """A pattern that is known to backtrack is found out by its own pieces."""
    bad = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
    took = []
    for attack in attacks(bad, 1000):
        begin = time.thread_time()
        bad.search(attack)
        took.append(time.thread_time() - begin)

    assert max(took) > 20 * sorted(took)[len(took) // 2]
