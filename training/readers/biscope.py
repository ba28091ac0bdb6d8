"""Texts of language models, paraphrased by a language model (BiScope)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import PurePosixPath

from training.readers.outputs import LEAST_WORDS
from training.readers.records import Corpus, Couple, Original, shared, tidy, unique, words
from training.readers.rewrites import language_model_couple

# Where every model answers the same prompt, not a retelling of one human text.
_PROMPTED = ("Creative", "Essay")
# Models asked alike share phrases, but more would be one copying the other.
_MOST_SHARED_INDEPENDENT = 0.15


def biscope(files: Mapping[str, bytes]) -> Corpus:
    """Read ``Dataset`` against ``Paraphrased_Dataset``, by position where the lengths agree."""
    originals, couples = [], []
    answers: dict[str, list[list[Original]]] = {genre: [] for genre in _PROMPTED}
    for path, data in files.items():
        folder, genre, name = PurePosixPath(path).parts
        if folder != "Dataset" or name.endswith("_human.json"):
            continue
        tool = PurePosixPath(name).stem.partition("_")[2]
        written = [_original(text, genre, i) for i, text in enumerate(json.loads(data))]
        originals += written
        answers.get(genre, []).append(written)
        replies = json.loads(files.get(f"Paraphrased_{path}", b"[]"))
        if len(replies) == len(written):
            couples += list(_paraphrased(written, replies, tool))
    for sets in answers.values():
        couples += list(_answers(sets))
    return Corpus(unique(originals), couples)


def _original(text: object, genre: str, number: int) -> Original:
    event = f"biscope {genre} {number}"
    return Original("biscope", tidy(str(text)), "other", topic=genre, event=event)


def _paraphrased(originals: list[Original], replies: list[str], tool: str) -> Iterator[Couple]:
    for original, reply in zip(originals, replies, strict=True):
        couple = language_model_couple(original, str(reply), tool)
        if couple:
            yield couple


def _answers(sets: list[list[Original]]) -> Iterator[Couple]:
    """Pair two models' answers to one prompt: like matter, written apart."""
    for first_set, second_set in combinations(sets, 2):
        if len(first_set) != len(second_set):
            continue
        for first, second in zip(first_set, second_set, strict=True):
            long_enough = min(len(words(first.text)), len(words(second.text))) >= LEAST_WORDS
            if long_enough and shared(second.text, first.text) < _MOST_SHARED_INDEPENDENT:
                yield Couple(
                    corpus="biscope",
                    suspect=second.text,
                    source=first.text,
                    relation="independent",
                    tool="same_question",
                    original=first.key,
                    genre="other",
                    event=first.event,
                    kin=(second.key,),
                )
