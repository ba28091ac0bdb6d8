"""The 300 human texts of MixSet, and the same 300 polished at stated degrees (ai-polished-text).

Both share every original, so their pairs share split groups by the originals' keys.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import nan
from pathlib import PurePosixPath

from training.readers.outputs import LEAST_WORDS, is_reply_about, unwrapped
from training.readers.records import Corpus, Couple, Genre, Original, shared, tidy, unique, words
from training.readers.rewrites import language_model_couple

# "complete" invents two thirds of its text: no rewrite.
_MIXSET_TASKS = ("polish_token", "polish_sentence", "rewrite", "humanize")
_MIXSET_TOOLS = {"gpt4": "gpt-4", "2llama": "llama-2", "MGT": "unnamed"}

_POLISHERS = {
    "gpt": "gpt-4o",
    "llama70b": "llama-3.1-70b",
    "llama": "llama-3-8b",
    "llama2": "llama-2-7b",
    "deepseek": "deepseek-v3",
}
# Told to edit lightly, models often rewrite all the same (one in ten; the smallest, half): those
# replies are neither, and are left out.
_LEAST_SHARED_LIGHT = {"1": 0.85, "5": 0.8, "10": 0.75, "extreme_minor": 0.9}
# Told to rewrite, they often leave all as it is; one word in thirty is no rewriting.
_MOST_SHARED_REWRITE = 0.9


def mixset(files: Mapping[str, bytes]) -> Corpus:
    """Read ``<model>_<task>.json``: records of an original and a model's output."""
    originals, couples = [], []
    for path, data in files.items():
        model, _, task = PurePosixPath(path).stem.partition("_")
        if task not in _MIXSET_TASKS:
            continue
        tool = _MIXSET_TOOLS[model] + ("-humanize" if task == "humanize" else "")
        for record in json.loads(data):
            original, reply = _parts(record)
            originals.append(original)
            couples.append(language_model_couple(original, reply, tool))
    return Corpus(unique(originals), [couple for couple in couples if couple])


def _parts(record: Mapping[str, str]) -> tuple[Original, str]:
    text = record.get("HWT_sentence") or record["MGT_sentence"]
    reply = next(value for name, value in record.items() if name.endswith("_output"))
    category = record["category"]
    genre: Genre = "news" if category == "news" else "other"
    return Original("mixset", tidy(text.replace("\xac", "")), genre, topic=category), reply


def ai_polished(files: Mapping[str, bytes]) -> Corpus:
    """Read ``polished_texts_<degree>_<model>.csv`` against the originals, joined on ``id``."""
    originals = {
        row["id"]: Original(
            "ai_polished",
            tidy(row["generation"]),
            "news" if row["domain"] == "news" else "other",
            topic=row["domain"],
        )
        for row in _rows(files["data/HWT_original_data.csv"])
    }
    couples = []
    for path, data in files.items():
        name = PurePosixPath(path).stem
        if name.startswith("polished_texts_"):
            degree, _, model = name.removeprefix("polished_texts_").rpartition("_")
            for row in _rows(data):
                if row["id"] in originals:
                    original = originals[row["id"]]
                    couples.append(_polished(original, row["generation"], degree, model))
    return Corpus(unique(originals.values()), [couple for couple in couples if couple])


def _rows(data: bytes) -> Iterator[dict[str, str]]:
    return iter(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def _polished(original: Original, reply: str, stated: str, model: str) -> Couple | None:
    """Pair an original with its polish: a light edit or a rewrite, as the model was told."""
    degree = int(stated) / 100 if stated.isdigit() else nan
    least = _LEAST_SHARED_LIGHT.get(stated)
    if least is not None:
        couple = _lightly_edited(original, reply, least)
    else:
        couple = language_model_couple(original, reply, "")
        if couple and shared(couple.suspect, couple.source) >= _MOST_SHARED_REWRITE:
            couple = None
    if couple is None:
        return None
    return replace(couple, tool=_POLISHERS[model], degree=degree, strength=f"polish {stated}")


def _lightly_edited(original: Original, reply: str, least_shared: float) -> Couple | None:
    suspect = unwrapped(reply)
    enough = min(len(words(suspect)), len(words(original.text))) >= LEAST_WORDS
    near = shared(suspect, original.text) >= least_shared
    if is_reply_about(reply) or not enough or not near:
        return None
    return Couple(
        corpus=original.corpus,
        suspect=suspect,
        source=original.text,
        relation="copy",
        tool="",
        original=original.key,
        genre=original.genre,
    )
