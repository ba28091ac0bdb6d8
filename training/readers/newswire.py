"""Single news stories: Reuters C50 (1996-97) and BBC (2004-05). Their pairs are mined."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import PurePosixPath

from training.readers.outputs import LEAST_WORDS
from training.readers.records import Corpus, Original, each_line_a_paragraph, tidy, unique, words


def c50(files: Mapping[str, bytes]) -> Corpus:
    """Read one story a file, a paragraph a line, HTML entities left in; topic is the author."""
    originals = []
    for path, data in files.items():
        text = each_line_a_paragraph(html.unescape(data.decode("utf-8", "replace")))
        if len(words(text)) >= LEAST_WORDS:
            author = PurePosixPath(path).parent.name
            originals.append(Original("c50", text, "news", topic=author))
    return Corpus(unique(originals))


def bbc(files: Mapping[str, bytes]) -> Corpus:
    """Read one story a file, Latin-1 or UTF-8, first line the title; duplicates go."""
    originals = []
    for path, data in files.items():
        title, _, body = _decoded(data).partition("\n")
        text = tidy(body)
        if len(words(text)) >= LEAST_WORDS:
            topic = PurePosixPath(path).parent.name
            originals.append(Original("bbc", text, "news", topic=topic, title=title.strip()))
    return Corpus(unique(originals))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
