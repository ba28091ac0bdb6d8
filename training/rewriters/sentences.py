"""Splitting, joining and shuffling sentences, as spinners do beside changing words."""

from __future__ import annotations

import random
import re

from training.rewriters.prose import from_sentences, sentence_lists

# A clause of so many words can stand alone.
_CLAUSE_WORDS = 5
_SPLIT = re.compile(r", (and|but|so|while|which|because) ", re.IGNORECASE)
_OPENINGS = {
    "and": "",
    "so": "So ",
    "but": "But ",
    "while": "Meanwhile, ",
    "which": "This ",
    "because": "This is because ",
}
_JOINTS = (", and ", ", while ", "; ", ", as ", "; also, ")
# How far a shuffled sentence goes from its place.
_REACH = 2.5


def split(text: str, rate: float, rng: random.Random) -> str:
    """Cut sentences in two at a conjunction, a share of those that have one."""
    return from_sentences(
        [part for sentence in found for part in _halves(sentence, rate, rng)]
        for found in sentence_lists(text)
    )


def _halves(sentence: str, rate: float, rng: random.Random) -> list[str]:
    match = _SPLIT.search(sentence, len(sentence) // 4)
    if match is None or rng.random() >= rate:
        return [sentence]
    before, after = sentence[: match.start()], sentence[match.end() :]
    if min(len(before.split()), len(after.split())) < _CLAUSE_WORDS or '"' in sentence:
        return [sentence]
    opening = _OPENINGS[match[1].lower()]
    after = opening + after if opening else after[:1].upper() + after[1:]
    return [before + ".", after if sentence[:1].isupper() else after.lower()]


def join(text: str, rate: float, rng: random.Random) -> str:
    """Make one of two neighbouring sentences of a paragraph, a share of them."""
    return from_sentences(_joined(found, rate, rng) for found in sentence_lists(text))


def _joined(found: list[str], rate: float, rng: random.Random) -> list[str]:
    result: list[str] = []
    for sentence in found:
        previous = result[-1] if result else ""
        if previous.endswith(".") and '"' not in previous + sentence and rng.random() < rate:
            result[-1] = previous[:-1] + rng.choice(_JOINTS) + _lowered(sentence)
        else:
            result.append(sentence)
    return result


def _lowered(sentence: str) -> str:
    """Take the capital from a sentence's first word, unless it is a name or an I."""
    first, _, rest = sentence.partition(" ")
    common = {"the", "a", "an", "it", "he", "she", "they", "this", "that", "these", "in", "on"}
    if first.lower() in common:
        return f"{first.lower()} {rest}"
    return sentence


def shuffle(text: str, rng: random.Random) -> str:
    """Move sentences a few places within their paragraph; the first one stays."""
    return from_sentences(_moved(found, rng) for found in sentence_lists(text))


def _moved(found: list[str], rng: random.Random) -> list[str]:
    places = [0.0, *(i + rng.uniform(-_REACH, _REACH) for i in range(1, len(found)))]
    places = [max(0.5, place) if i else -1.0 for i, place in enumerate(places)]
    return [sentence for _, sentence in sorted(zip(places, found, strict=False), key=_place)]


def _place(item: tuple[float, str]) -> float:
    return item[0]
