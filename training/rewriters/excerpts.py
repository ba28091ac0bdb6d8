"""Some paragraphs of many; of a text of one paragraph, some sentences."""

from __future__ import annotations

import random

from training.rewriters.prose import count_words, joined, paragraphs, sentence_lists

LEAST_WORDS = 45
# An excerpt leaves out at least this share of its article.
MOST_KEPT = 0.75
_LINKS = (
    "The full story has more on this.",
    "Here is what was reported earlier.",
    "The report then turns to what comes next.",
    "There is more further down in the original report.",
    "We quote the passage that matters most.",
    "The article continues as follows.",
    "What follows is taken from the report.",
    "Read on for the rest of the details.",
)


def _pieces(text: str) -> tuple[list[str], bool]:
    """Give the paragraphs, or the sentences where there are few; and which it is."""
    blocks = paragraphs(text)
    if len(blocks) >= 4:
        return blocks, True
    return [s for found in sentence_lists(text) for s in found], False


def _together(pieces: list[str], *, are_paragraphs: bool) -> str:
    return joined(pieces) if are_paragraphs else " ".join(pieces)


def leading(text: str, share: float) -> str | None:
    """Keep the beginning: about a share of the words, at least LEAST_WORDS."""
    pieces, are_paragraphs = _pieces(text)
    wanted = max(LEAST_WORDS, share * count_words(text))
    kept: list[str] = []
    for piece in pieces:
        if kept and count_words(" ".join(kept)) >= wanted:
            break
        kept.append(piece)
    return _checked(_together(kept, are_paragraphs=are_paragraphs), text)


def scattered(text: str, share: float, rng: random.Random) -> str | None:
    """Keep paragraphs from here and there, in their order."""
    return _checked(*_scatter(text, share, rng, link=False))


def linked(text: str, share: float, rng: random.Random) -> str | None:
    """Keep paragraphs from here and there, with a linking sentence of one's own."""
    return _checked(*_scatter(text, share, rng, link=True))


def _scatter(text: str, share: float, rng: random.Random, *, link: bool) -> tuple[str, str]:
    pieces, are_paragraphs = _pieces(text)
    order = rng.sample(range(len(pieces)), len(pieces))
    wanted = max(LEAST_WORDS, share * count_words(text))
    chosen: list[int] = []
    for number in order:
        if sum(count_words(pieces[i]) for i in chosen) >= wanted:
            break
        chosen.append(number)
    kept = [pieces[i] for i in sorted(chosen)]
    if link:
        sentence = rng.choice(_LINKS)
        sentence = sentence.lower() if text.islower() else sentence
        kept.insert(rng.randrange(len(kept) + 1), sentence)
    return _together(kept, are_paragraphs=are_paragraphs), text


def _checked(excerpt: str, text: str) -> str | None:
    """Give None for what is too short to judge, or nearly the whole text."""
    size = count_words(excerpt)
    if size < LEAST_WORDS or size > MOST_KEPT * count_words(text):
        return None
    return excerpt


def excerpt(text: str, rng: random.Random) -> tuple[str, str] | None:
    """Cut an excerpt of a kind that is drawn; gives it and the name of the kind."""
    share = rng.uniform(0.2, 0.65)
    kind = rng.choice(("leading", "scattered", "linked"))
    if kind == "leading":
        found = leading(text, share)
    else:
        found = (scattered if kind == "scattered" else linked)(text, share, rng)
    return (found, kind) if found else None
