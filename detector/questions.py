"""What a caller asks: one article, a pile of sources, or a file of pairs.

In a file of pairs nothing is lost. A line that cannot be judged is answered too, in its place and
under its id, by a verdict with no relation whose ``cannot_tell`` starts with "rejected: ".
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

from detector import classify
from detector.clean import clean
from detector.errors import DetectorError
from detector.features import FEATURES
from detector.ingest import from_record, read
from detector.ingest.json_values import Broken, loads
from detector.ingest.kinds import Kind, kind_of
from detector.ingest.limits import MAX_LINE_BYTES
from detector.ingest.streams import head, lines, seekable, unpacked
from detector.lexicon import models_folder
from detector.phrases import reason_in_words
from detector.readability import panel
from detector.records import Article, Rejected, Verdict
from detector.terminal import tame
from detector.verdict import cannot_tell

REJECTED = "rejected: "  # what `cannot_tell` starts with where a pair was never judged

SPLITS = ("in_corpus", "leave_one_corpus_out")  # how the shipped model was evaluated
# The figures that a model is judged by, each with the key that its value stands under.
HEADLINE = {
    "auc": "value",
    "tpr_at_1": "value",
    "accused": "share",
    "found": "share",
    "cannot_tell": "share",
}

Side: TypeAlias = Article | Rejected
Judge: TypeAlias = Callable[
    [Iterable[tuple[str, Article, Article]], classify.Model], Iterable[Verdict]
]


class Question(NamedTuple):
    """One line of a file of pairs, as far as it could be understood."""

    id: str
    suspect: Side
    source: Side


def one_article(path: str) -> Article:
    """Read the only article of a file, or of standard input for ``-``.

    Raises
    ------
    DetectorError
        When there is none, when it is rejected, or when there are several.
    """
    found = list(_at_most(2, read([path])))
    name = _name(path)
    if not found:
        raise DetectorError(f"{name} holds no article", hint="give a file with text or HTML in it")
    if len(found) > 1:
        raise DetectorError(
            f"{name} holds more than one article, and one was asked for",
            hint=f"judge them all: unspun batch {path} --out DIR",
        )
    if isinstance(found[0], Rejected):
        raise DetectorError(
            f"{name} cannot be judged: {_why(found[0])}", hint="check the file, or give another"
        )
    return found[0]


def sources(suspect: Article, path: str, reject: Callable[[Rejected], None]) -> list[Article]:
    """Give the articles that a suspect is held against.

    All of a file or folder, of which what is rejected is handed to ``reject``; of an archive those
    that share the suspect's telling terms.

    Raises
    ------
    DetectorError
        When not one article could be read, or an archive cannot be.
    """
    if _is_archive(path):
        from detector.batch.lookup import possible_sources  # noqa: PLC0415 - DuckDB and Arrow

        return possible_sources(Path(path), suspect)
    found: list[Article] = []
    for item in read([path]):
        if isinstance(item, Rejected):
            reject(item)
        else:
            found.append(item)
    if not found:
        raise DetectorError(
            f"{_name(path)} holds no article to compare with",
            hint="give a file or folder of earlier articles to --against",
        )
    return found


# What DuckDB writes into its files, and where; what Spark's archives have in their folders.
_MAGIC, _MAGIC_PLACE = b"DUCK", 8
_HEADS = "head-*.json"


def _is_archive(path: str) -> bool:
    """Tell whether a path names an archive; of what cannot be read, reading tells why."""
    if Path(path).is_dir() and any(Path(path).glob(_HEADS)):
        return True
    if not Path(path).is_file() or not os.access(path, os.R_OK):
        return False
    with Path(path).open("rb") as file:
        return file.read(_MAGIC_PLACE + len(_MAGIC))[_MAGIC_PLACE:] == _MAGIC


def questions(path: str, reject: Callable[[Rejected], None]) -> Iterator[Question]:
    """Read a file of pairs, one JSON object a line; blank lines are skipped.

    Packed with gzip or not, and in any charset, as every input. A line without an ``id`` gets its
    line number, counted from 1 with the blank lines. What is rejected is handed to ``reject`` as
    well, with its line.

    Raises
    ------
    DetectorError
        Where the file cannot be opened, or holds no lines of text.
    """
    for question in _asked(path):
        for side in dict.fromkeys((question.suspect, question.source)):
            if isinstance(side, Rejected):
                reject(side)
        yield question


def answers(asked: Iterable[Question], model: classify.Model, judge: Judge) -> Iterator[Verdict]:
    """Answer every question in order, the rejected ones in their place.

    Parameters
    ----------
    judge : gives a verdict for each pair, in order; it may read ahead
    """
    waiting: deque[Verdict | None] = deque()  # None holds the place of a pair under judgement
    for verdict in judge(_judgeable(asked, model, waiting), model):
        yield from _refusals(waiting)
        waiting.popleft()
        yield verdict
    yield from _refusals(waiting)


def readability(
    path: str, reject: Callable[[Rejected], None]
) -> Iterator[tuple[Article, dict[str, float]]]:
    """Measure how hard each English article of an input reads, cleaned, with textstat by name."""
    for item in read([path]):
        article = item if isinstance(item, Rejected) else clean(item)
        if isinstance(article, Rejected):
            reject(article)
        elif article.lang != "en":
            reject(Rejected(path, "", "not_english", id=article.id))
        else:
            yield article, panel(article.text)


def shipped_model() -> dict[str, Any]:
    """Describe the shipped model, after the checks that every loading makes.

    Returns
    -------
    ``id``, ``feature_set``, ``features`` (their number), ``thresholds``, ``trained_on`` (pairs by
    corpus), ``evaluation`` (the headline figures, each by its sentence) and ``card`` (its path)
    """
    manifest = classify.load_model().manifest
    folder = models_folder() / classify.MODEL_NAME
    evaluation = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    counts = {corpus: sum(n.values()) for corpus, n in manifest["trained_on"].items()}
    return {
        "id": manifest["id"],
        "feature_set": manifest["feature_set"],
        "features": len(FEATURES),
        "thresholds": manifest["thresholds"],
        "trained_on": counts,
        "evaluation": {split: _headline(evaluation[split]["all"]) for split in SPLITS},
        "card": str(folder / "card.md"),
    }


def _headline(figures: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: figures[name][key] for name, key in HEADLINE.items()}


def rejection(side: Rejected) -> str:
    """Say on one line what was rejected, where and why."""
    place = ", ".join(part for part in (_name(side.input), side.position) if part)
    return tame(f"rejected {place}: {_why(side)}")


def _judgeable(
    asked: Iterable[Question], model: classify.Model, waiting: deque[Verdict | None]
) -> Iterator[tuple[str, Article, Article]]:
    for question in asked:
        if isinstance(question.suspect, Article) and isinstance(question.source, Article):
            waiting.append(None)
            yield question.id, question.suspect, question.source
        else:
            waiting.append(_refusal(question, model))


def _refusals(waiting: deque[Verdict | None]) -> Iterator[Verdict]:
    while waiting and (refusal := waiting[0]) is not None:
        waiting.popleft()
        yield refusal


def _refusal(question: Question, model: classify.Model) -> Verdict:
    suspect, source = question.suspect, question.source
    refused = next(side for side in (suspect, source) if isinstance(side, Rejected))
    return cannot_tell(
        Article(id=suspect.id, text="") if isinstance(suspect, Rejected) else suspect,
        None if isinstance(source, Rejected) else source,
        REJECTED + refused.reason,
        id=question.id,
        model=model,
    )


def _asked(path: str) -> Iterator[Question]:
    """Read the lines that hold something, up to where a packed file breaks off."""
    number = 0
    with _open(path) as file, _rereadable(file) as stream:
        try:
            for number, line in enumerate(lines(_lines_of_text(stream, path)), start=1):
                if line is None:
                    much = f"a line of more than {MAX_LINE_BYTES} bytes"
                    yield _misread(path, number, "too_large", much)
                elif text := line.strip("\ufeff\x00 \t\r\n"):
                    yield _question(path, number, text)
        except (OSError, EOFError, zlib.error) as error:
            yield _misread(path, number + 1, "unreadable", f"{error}; the rest is not read")


def _lines_of_text(stream: BinaryIO, path: str) -> BinaryIO:
    """Take off the gzip layers, and refuse what is no text."""
    inner, _ = unpacked(stream)
    kind = kind_of(head(inner))
    if kind in _NO_LINES:
        raise DetectorError(
            f"{_name(path)} holds no pairs: it is {_NO_LINES[kind]}",
            hint="give --pairs a file with one JSON object a line; gzip is the one packing read",
        )
    return inner


def _question(path: str, number: int, line: str) -> Question:
    position = f"line {number}"
    record = loads(line)
    if isinstance(record, Broken):
        return _misread(path, number, record.reason, record.begin)
    if not isinstance(record, dict):
        return _misread(
            path, number, "not_an_object", "a pair is an object with suspect and source"
        )
    given = record.get("id")
    suspect, source = (
        _side(record.get(role), role, path, position) for role in ("suspect", "source")
    )
    return Question(str(number if given is None else given), suspect, source)


def _side(value: object, role: str, path: str, position: str) -> Side:
    if isinstance(value, str | dict):
        return from_record(value, input=path, position=f"{position}, {role}")
    return Rejected(path, position, f"no_{role}", f"{role} is neither a string nor an object")


def _misread(path: str, number: int, reason: str, detail: str) -> Question:
    refused = Rejected(path, f"line {number}", reason, detail)
    return Question(str(number), refused, refused)


# Kinds of input that are no JSON a line, whatever a line of them holds.
_NO_LINES: Mapping[Kind, str] = {
    "binary": "neither text nor packed with gzip",
    "parquet": "a Parquet file",
    "warc": "an archive of the web, or packed otherwise than with gzip",
    "feed": "a feed",
    "page": "a page",
    "xml": "XML",
}


def _why(rejected: Rejected) -> str:
    detail = f" ({rejected.detail})" if rejected.detail else ""
    return reason_in_words(rejected.reason) + detail


def _name(path: str) -> str:
    return "standard input" if path == "-" else str(Path(path))


def _open(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise DetectorError(
            f"cannot read {path}: {error.strerror}",
            hint="give --pairs a readable file, or - for standard input",
        ) from error


@contextmanager
def _rereadable(given: BinaryIO) -> Iterator[BinaryIO]:
    """Give a stream that can be read twice; the one given is not ours to close."""
    stream = seekable(given)
    with nullcontext() if stream is given else stream:
        yield stream


def _at_most(count: int, found: Iterator[Side]) -> Iterator[Side]:
    for _, item in zip(range(count), found, strict=False):
        yield item
