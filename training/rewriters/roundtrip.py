"""Translation there and back by Apertium, a rule-based translator.

Many texts go through one process, for starting one costs more than translating a page. Words that
the way back does not know come out in the pivot language; no article is published so, and the
leak would give the rewriter away by its dictionary alone. A name of the text that came through
untouched stays; any other such word goes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from detector.errors import DetectorError
from training.rewriters.prose import capitalised_like

# One line a paragraph; a line that no text has closes each, so that a lost line cannot shift all.
_CLOSING = "§§§ {} §§§"
_CLOSED = re.compile(r"^\s*\*?§§§ ?\*?(\d+) ?\*?§§§\s*$")
# What the translator puts before a word that it does not know, or cannot inflect.
_MARKED = re.compile(r"[*#@]+([^\W_]+(?:['’-][^\W_]+)*)")
_MARK = re.compile(r"(?<!\w)[*#]+(?=\w)")
_SPACES = re.compile(r" {2,}")
_BEFORE_POINT = re.compile(r" +([,.;:!?)])")
_QUOTED = re.compile(r'"[ ]*([^"\n]*?)[ ]*"')
# Signs that would pass for the translator's own marks, and dashes that it does not know.
_SIGNS = str.maketrans({"*": " ", "#": " ", "~": " ", "—": " - ", "–": " - "})


@dataclass(frozen=True, slots=True)
class Pivot:
    """A language to go through, and the two directions of its pair."""

    name: str
    there: str
    back: str


PIVOTS = (
    Pivot("apertium-es", "eng-spa", "spa-eng"),
    Pivot("apertium-ca", "eng-cat", "cat-eng"),
    Pivot("apertium-gl", "en-gl", "gl-en"),
    Pivot("apertium-eo", "en-eo", "eo-en"),
)


@lru_cache(maxsize=1)
def installed_pairs() -> frozenset[str]:
    """List the directions that Apertium can translate; none where it is not installed."""
    program = shutil.which("apertium")
    if program is None:
        return frozenset()
    listed = subprocess.run(  # noqa: S603 - a program of the system, found on the path
        [program, "-l"], capture_output=True, check=False
    )
    return frozenset(listed.stdout.decode("utf-8", "replace").split())


def there_and_back(texts: Sequence[str], pivot: Pivot) -> list[str]:
    """Translate texts into a pivot language and back; paragraphs stay.

    Returns
    -------
    One text a text given, in order; empty where the translator lost it or broke down over it.

    Raises
    ------
    DetectorError
        Where Apertium or the pair is not installed.
    """
    if not {pivot.there, pivot.back} <= installed_pairs():
        raise DetectorError(
            f"Apertium cannot translate {pivot.there} and {pivot.back} here",
            hint="apt-get install apertium apertium-eng-spa apertium-eng-cat "
            "apertium-en-gl apertium-eo-en",
        )
    returned = _returned(list(enumerate(texts)), pivot)
    return [_restored(returned.get(number, []), text) for number, text in enumerate(texts)]


def _returned(numbered: Sequence[tuple[int, str]], pivot: Pivot) -> dict[int, list[str]]:
    """Give the paragraphs that came back, by the text's number.

    Some sentences make a rule file read past its end, which ends the process, now with an error
    and now in silence, with the texts behind the one at fault lost: what is lost is then halved
    until only the text at fault is left out.
    """
    found = _attempt(numbered, pivot)
    lost = [(number, text) for number, text in numbered if number not in found]
    if not lost or len(numbered) == 1:
        return found
    half = len(lost) // 2
    parts = [lost] if len(lost) < len(numbered) else [lost[:half], lost[half:]]
    for part in parts:
        found |= _returned(part, pivot)
    return found


def _attempt(numbered: Sequence[tuple[int, str]], pivot: Pivot) -> dict[int, list[str]]:
    """Translate one lot; whatever came back of it."""
    if not numbered:
        return {}
    try:
        return _divided(_translate(_translate(_sheet(numbered), pivot.there, "-u"), pivot.back))
    except _BreakdownError:
        return {}


def _sheet(numbered: Sequence[tuple[int, str]]) -> str:
    """Put texts on one sheet: a paragraph a line, and a closing line after each text."""
    lines = []
    for number, text in numbered:
        lines += [" ".join(block.split()) for block in text.split("\n\n")]
        lines.append(_CLOSING.format(number))
    return "\n\n".join(lines).translate(_SIGNS)


class _BreakdownError(Exception):
    """The translator ended with an error."""


def _translate(text: str, direction: str, *options: str) -> str:
    program = shutil.which("apertium") or "apertium"
    done = subprocess.run(  # noqa: S603 - a program of the system, found on the path
        [program, *options, direction], input=text.encode(), capture_output=True, check=False
    )
    if done.returncode:
        raise _BreakdownError(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")


def _divided(output: str) -> dict[int, list[str]]:
    """Give each text's paragraphs by its number."""
    found: dict[int, list[str]] = {}
    current: list[str] = []
    for line in output.split("\n"):
        closed = _CLOSED.match(line)
        if closed:
            found[int(closed[1])] = current
            current = []
        elif line.strip():
            current.append(line)
    return found


def _restored(blocks: list[str], original: str) -> str:
    """Make clean paragraphs of what came back; marks go, and pivot words with them."""
    known = {word.lower() for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", original)}
    known |= {part for word in known for part in re.split(r"['’-]", word)}

    def unmarked(match: re.Match[str]) -> str:
        word = match[1]
        if f"@{word}" in original:
            return f"@{word}"
        unknown = match[0].startswith("*") and word.lower() not in known
        return "" if unknown else word

    texts = []
    lower = original.islower()
    for block in blocks:
        text = _QUOTED.sub(r'"\1"', _MARK.sub("", _MARKED.sub(unmarked, block)))
        text = _BEFORE_POINT.sub(r"\1", _SPACES.sub(" ", text)).strip()
        texts.append(text.lower() if lower else capitalised_like(text, "A"))
    return "\n\n".join(text for text in texts if text)
