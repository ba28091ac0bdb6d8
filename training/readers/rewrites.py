"""Short texts rewritten by language models: ImBD (four genres) and HPPT (abstracts)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from training.readers.outputs import is_reply_about, is_rewrite, speaks_of_the_task, unwrapped
from training.readers.records import Corpus, Couple, Genre, Original, tidy, unique

# ImBD's third task, expand, adds facts and is no rewrite; the registry leaves its files out.
_IMBD_TASKS = ("polish", "rewrite")
_HPPT_TOOLS = {"HPPT": "chatgpt", "llama_data": "llama-2-7b"}


def language_model_couple(original: Original, reply: str, tool: str) -> Couple | None:
    """Pair an original with a model's reply, or give None where that is no rewrite."""
    suspect = unwrapped(reply)
    if is_reply_about(reply) or speaks_of_the_task(suspect, original.text):
        return None
    if not is_rewrite(suspect, original.text):
        return None
    return Couple(
        corpus=original.corpus,
        suspect=suspect,
        source=original.text,
        relation="automated_rewrite",
        family="language_model",
        tool=tool,
        original=original.key,
        genre=original.genre,
        event=original.event,
    )


def imbd(files: Mapping[str, bytes]) -> Corpus:
    """Read ``data/<task>/<model>/<genre>_*.raw_data.json``: parallel lists."""
    originals, couples = [], []
    for path, data in files.items():
        _, task, tool, name = PurePosixPath(path).parts
        if task not in _IMBD_TASKS:
            continue
        genre = name.partition("_")[0]
        record = json.loads(data)
        for text, reply in zip(record["original"], record["rewritten"], strict=True):
            news: Genre = "news" if genre == "xsum" else "other"
            original = Original("imbd", tidy(text), news, topic=genre)
            originals.append(original)
            couples.append(language_model_couple(original, reply, tool.lower()))
    return Corpus(unique(originals), [couple for couple in couples if couple])


def hppt(files: Mapping[str, bytes]) -> Corpus:
    """Read records ``url``, ``text``, ``fake`` (0 human, 1 polished), joined on the address."""
    originals, couples = [], []
    for path, data in files.items():
        tool = _HPPT_TOOLS[PurePosixPath(path).parts[1]]
        for human, polished in _joined(json.loads(data)):
            original = Original("hppt", tidy(human), "other", topic="abstract")
            originals.append(original)
            couples.append(language_model_couple(original, polished, tool))
    return Corpus(unique(originals), [couple for couple in couples if couple])


def _joined(records: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """Yield human and polished text of each address that has both."""
    polished = {r["url"]: str(r["text"]) for r in records if int(str(r["fake"])) == 1}
    for record in records:
        if int(str(record["fake"])) == 0 and record["url"] in polished:
            yield str(record["text"]), polished[record["url"]]
