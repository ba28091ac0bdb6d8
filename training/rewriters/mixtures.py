"""Texts of which only a part was rewritten, and texts made of two."""

from __future__ import annotations

import random

from training.rewriters.prose import from_sentences, joined, paragraphs, sentence_lists


def partly(original: str, rewritten: str, share: float, rng: random.Random) -> str | None:
    """Take a share of the sentences from the rewritten text, the others from the original.

    Needs both to have the same paragraphs and sentences; gives None where they have not.
    """
    before, after = sentence_lists(original), sentence_lists(rewritten)
    if [len(found) for found in before] != [len(found) for found in after]:
        return None
    count = sum(map(len, before))
    chosen = set(rng.sample(range(count), round(share * count)))
    numbers = iter(range(count))
    return from_sentences(
        [new if next(numbers) in chosen else old for old, new in zip(olds, news, strict=True)]
        for olds, news in zip(before, after, strict=True)
    )


def merged(main: str, other: str, rng: random.Random) -> str:
    """Put paragraphs of another text between those of the main one; each keeps its order.

    Of a text of one paragraph, its sentences count as paragraphs.
    """
    mine, theirs = _pieces(main), _pieces(other)
    theirs = theirs[: max(1, len(mine) // 2)]
    places = sorted(rng.randrange(1, len(mine) + 1) for _ in theirs)
    result: list[str] = []
    for number, piece in enumerate(mine):
        result += [t for t, place in zip(theirs, places, strict=True) if place == number]
        result.append(piece)
    result += [t for t, place in zip(theirs, places, strict=True) if place == len(mine)]
    one_paragraph = "\n\n" not in main
    return " ".join(result) if one_paragraph else joined(result)


def _pieces(text: str) -> list[str]:
    blocks = paragraphs(text)
    return blocks if len(blocks) > 1 else [s for found in sentence_lists(text) for s in found]
