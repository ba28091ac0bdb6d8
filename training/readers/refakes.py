"""News of the FakeNewsNet family re-told by language models: SheepDog and LLM-misinformation."""

from __future__ import annotations

import csv
import io
import pickle
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from detector.errors import DetectorError
from training.readers.outputs import is_reply_about, unwrapped
from training.readers.records import (
    Corpus,
    Couple,
    Original,
    content_words,
    kept,
    length_ratio,
    shared,
    tidy,
    unique,
)
from training.readers.rewrites import language_model_couple

_TONES = ("objective", "neutral", "emotionally_triggering", "sensational")

# Of the misinformation set: replies that were cut off or wander from their text.
_LENGTH_RATIOS = (0.5, 2.0)
_LEAST_CONTENT_WORDS = 25
_MOST_SHARED = 0.9
_LEAST_KEPT = 0.25
_GENERATORS = {
    "chatgpt_3.5_generation": "chatgpt-3.5",
    "llama2_7b_generation": "llama-2-7b",
    "llama2_70b_generation": "llama-2-70b",
}


class PlainUnpickler(pickle.Unpickler):
    """An unpickler that builds dicts, lists, strings and numbers, and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        """Refuse whatever a pickle would import.

        Raises
        ------
        DetectorError
            Always.
        """
        raise DetectorError(
            f"a pickle asks for {module}.{name}, which plain data does not need",
            hint="do not use this archive; fetch it again and verify it",
        )


def plain(data: bytes) -> dict[str, list[str]]:
    """Unpickle plain data."""
    loaded: dict[str, list[str]] = PlainUnpickler(io.BytesIO(data)).load()
    return loaded


def sheepdog(files: Mapping[str, bytes]) -> Corpus:
    """Read the 360 articles and their four re-tellings, aligned by position."""
    news = plain(files["data/news_articles/politifact_train.pkl"])["news"]
    originals = [Original("sheepdog", tidy(text), "news", topic="politifact") for text in news]
    couples = []
    for tone in _TONES:
        replies = plain(files[f"data/reframings/politifact_train_{tone}.pkl"])["rewritten"]
        for original, reply in zip(originals, replies, strict=True):
            couples.append(language_model_couple(original, reply, f"retelling-{tone}"))
    return Corpus(unique(originals), [couple for couple in couples if couple])


def llm_misinformation(files: Mapping[str, bytes]) -> Corpus:
    """Read rewrites and paraphrases of rumours; rows of label 0 were never rewritten."""
    originals, couples = [], []
    for path, data in files.items():
        parts = PurePosixPath(path).parts
        tool = _GENERATORS[parts[2]]
        for row in _rewritten_rows(data):
            original = Original("llm_misinformation", tidy(row["news_text"]), "news", parts[3])
            originals.append(original)
            couples.append(_retold(original, row["synthetic_misinformation"], tool))
    return Corpus(unique(originals), [couple for couple in couples if couple])


def _rewritten_rows(data: bytes) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"))):
        if row["label"] == "1" and row["synthetic_misinformation"]:
            yield row


def _retold(original: Original, reply: str, tool: str) -> Couple | None:
    suspect = unwrapped(reply)
    low, high = _LENGTH_RATIOS
    sound = (
        not is_reply_about(reply)
        and low <= length_ratio(suspect, original.text) <= high
        and len(content_words(original.text)) >= _LEAST_CONTENT_WORDS
        and len(content_words(suspect)) >= _LEAST_CONTENT_WORDS
        and shared(suspect, original.text) < _MOST_SHARED
        and kept(suspect, original.text) >= _LEAST_KEPT
        and not suspect[:1].islower()
    )
    return language_model_couple(original, reply, tool) if sound else None
