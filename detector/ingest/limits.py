"""How much of an input is read before it is refused: the bounds of every reader.

Each is an option: the environment variable ``UNSPUN_`` and its name sets another value, for every
process of a run. What the bounds hold to, in seconds and megabytes, is measured by
``tests/ingest/test_hostile.py`` and told in ``docs/reliability.md``.
"""

from __future__ import annotations

import os
from typing import Final

from detector.errors import DetectorError


def bound(name: str, default: int, *, most: int = 10**18) -> int:
    """Read a bound from the environment.

    Raises
    ------
    DetectorError
        Where the variable holds no number from 1 to `most`.
    """
    given = os.environ.get(f"UNSPUN_{name}", "")
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:19]) <= most:
        raise DetectorError(
            f"UNSPUN_{name} is {given!r}, no number from 1 to {most}",
            hint=f"unset it; the default is {default}",
        )
    return int(given[:19])


# The largest of 181 news pages at hand has 1.5 MB; above this a page is a dump or an attack. Also
# of a field of a record and of a feed's item, which may hold a page. The parser stops at a text, a
# script, a comment of 10,000,000 bytes, and all that follows is lost.
MAX_PAGE_BYTES: Final = bound("MAX_PAGE_BYTES", 9_500_000, most=9_500_000)
# The extractor takes 0.2 ms for a paragraph; of the 181 pages the richest has 1,700 tags.
MAX_PAGE_TAGS: Final = bound("MAX_PAGE_TAGS", 50_000)
# Of plain text, as for pages; a larger text is a log, a dump or a library.
MAX_TEXT_BYTES: Final = bound("MAX_TEXT_BYTES", 20_000_000)
# 50,000 words, a novel: aligning two of them takes 3 s and 400 MB, and both grow with the square.
MAX_ARTICLE_CHARACTERS: Final = bound("MAX_ARTICLE_CHARACTERS", 300_000)
# A longer line, row or value is no record: it is a thousand times the longest article.
MAX_LINE_BYTES: Final = bound("MAX_LINE_BYTES", 64_000_000)
# JSON that spans lines is given up after so many stretches that are none: each may take the
# parser a thousand levels down before it says so.
MAX_BROKEN_VALUES: Final = bound("MAX_BROKEN_VALUES", 10_000)
# Parquet is given up after so many rows on end without an article: 76 kB hold 20 million.
MAX_EMPTY_ROWS: Final = bound("MAX_EMPTY_ROWS", 100_000)
# Exports have some tens of columns; each of them costs every row a step of the reader.
MAX_COLUMNS: Final = bound("MAX_COLUMNS", 5_000)
# Above this a feed is streamed. fastfeedparser takes 0.7 s for 20,000 items in 4.8 MB.
MAX_FEED_IN_MEMORY: Final = bound("MAX_FEED_IN_MEMORY", 8_000_000)
# Of one element. Parsers compare each attribute with the others.
MAX_ATTRIBUTES: Final = bound("MAX_ATTRIBUTES", 10_000)
# Of elements in each other, in a page, a field of HTML or a feed's item. The parser stops at the
# 256th, and all that follows is lost; of the 181 pages the deepest has 51.
MAX_DEPTH: Final = bound("MAX_DEPTH", 250, most=250)
# Of JSON's arrays and objects. Python's parser gives up at some 1,000, less the calls around it.
MAX_JSON_DEPTH: Final = bound("MAX_JSON_DEPTH", 500, most=500)
# Processor time until the next article of an input, or a reason. All the hostile inputs of the
# tests take less than 5 s each.
MAX_SECONDS: Final = bound("MAX_SECONDS", 60)
# Files are gzipped twice by mistake, never four times but to attack.
MAX_GZIP_LAYERS: Final = bound("MAX_GZIP_LAYERS", 3)
# gzip can pack a thousand bytes into one, but no text that was written. Counted against the
# outermost layer, and from so many bytes on.
MAX_GZIP_RATIO: Final = bound("MAX_GZIP_RATIO", 200)
GZIP_RATIO_FROM: Final = bound("GZIP_RATIO_FROM", 16_000_000)
