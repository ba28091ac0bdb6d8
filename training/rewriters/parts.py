"""One article taken as two writings on one matter: what was out first, and what came after.

Both parts have the author, the names and the subject in common, and no sentence of the one was made
from the other. So every corpus, whatever its genre, gives what otherwise only news of one event
gives: honest writing that shares its whole vocabulary with the source.
"""

from __future__ import annotations

import random

from training.rewriters import copyedit
from training.rewriters.excerpts import LEAST_WORDS
from training.rewriters.prose import count_words, joined, paragraphs, sentence_lists

# Share of a commented excerpt's words that are the commenting site's own.
_COMMENT = (0.15, 0.4)
# Share of the earlier story's sentences that its update keeps.
_UPDATE_KEEPS = (0.4, 0.9)


def parted(text: str, share: float) -> tuple[str, str] | None:
    """Cut a text in two at a sentence; None where a part is too short to judge.

    Parameters
    ----------
    share : of the words that the first part gets, about
    """
    lists = sentence_lists(text)
    wanted = share * count_words(text)
    count = 0
    before: list[list[str]] = [[]]
    after: list[list[str]] = [[]]
    for found in lists:
        for sentence in found:
            (before if count < wanted else after)[-1].append(sentence)
            count += count_words(sentence)
        before.append([])
        after.append([])
    parts = _text(before), _text(after)
    return parts if min(map(count_words, parts)) >= LEAST_WORDS else None


def _text(lists: list[list[str]]) -> str:
    return joined(" ".join(found) for found in lists)


def commented(excerpt: str, further: str, rng: random.Random) -> str:
    """Set an excerpt between or before sentences of the quoting site's own."""
    share = rng.uniform(*_COMMENT)
    wanted = count_words(excerpt) * share / (1 - share)
    own: list[str] = []
    for sentence in _sentences(further):
        if own and count_words(" ".join(own)) + count_words(sentence) / 2 > wanted:
            break
        own.append(sentence)
    opening = own[: rng.randint(0, len(own))]
    blocks = [" ".join(opening), excerpt, " ".join(own[len(opening) :])]
    return _like(blocks, excerpt)


def updated(earlier: str, further: str, rng: random.Random) -> str:
    """Write the story on: news first or in between, the earlier text cut and lightly edited."""
    lists = sentence_lists(earlier)
    keeps = rng.uniform(*_UPDATE_KEEPS)
    kept = joined(" ".join(s for s in found if rng.random() < keeps) for found in lists)
    if count_words(kept) < LEAST_WORDS:
        kept = earlier
    background, _ = copyedit.edit(kept, rng, most=3)
    news = _blocks(further)
    old = _blocks(background)
    if rng.random() < 0.5:  # the news leads, the story so far follows
        return _like([*news, *old], earlier)
    places = sorted(rng.randrange(len(old) + 1) for _ in news)
    blocks: list[str] = []
    for number in range(len(old) + 1):
        blocks += [block for block, place in zip(news, places, strict=True) if place == number]
        blocks += old[number : number + 1]
    return _like(blocks, earlier)


def _sentences(text: str) -> list[str]:
    return [sentence for found in sentence_lists(text) for sentence in found]


def _blocks(text: str) -> list[str]:
    """Give the paragraphs, or the sentences of a single one."""
    found = paragraphs(text)
    return found if len(found) > 1 else _sentences(text)


def _like(blocks: list[str], model: str) -> str:
    """Put blocks together as paragraphs, or as one where the model text is one."""
    return joined(blocks) if "\n\n" in model else " ".join(block for block in blocks if block)
