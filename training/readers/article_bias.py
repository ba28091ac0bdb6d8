"""News on US politics of some 120 outlets (Article-Bias-Prediction): the half that makes pairs.

The other half of the outlets makes the detector's word lists and supplies no pair.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from training.readers.outputs import LEAST_WORDS
from training.readers.records import Corpus, Original, tidy, unique, words

# A paragraph in so many articles is furniture of the site: a photo caption, a plea, an address.
_REPEATED = 4
_FURNITURE = re.compile(
    r"hide caption|just watched|story highlights|must watch|^photos:|replay more videos|"
    r"click here|sign up for|follow .{0,40} on twitter|all rights reserved",
    re.IGNORECASE,
)


def article_bias(files: Mapping[str, bytes]) -> Corpus:
    """Read one JSON an article, without captions, site furniture and titles inside the body."""
    records = [record for data in files.values() if _makes_pairs(record := json.loads(data))]
    counts = Counter(block for record in records for block in set(_blocks(record)))
    furniture = {block for block, count in counts.items() if count >= _REPEATED}
    originals = (_original(record, furniture) for record in records)
    return Corpus(unique(o for o in originals if len(words(o.text)) >= LEAST_WORDS))


def _makes_pairs(record: Mapping[str, Any]) -> bool:
    from training.lexicon import is_background  # noqa: PLC0415 - loads the word lists' builder

    return not is_background(record.get("source_url") or "")


def _blocks(record: Mapping[str, Any]) -> Iterator[str]:
    return iter(tidy(record["content_original"]).split("\n\n"))


def _original(record: Mapping[str, Any], furniture: set[str]) -> Original:
    title = " ".join(record["title"].split())
    blocks = [b for b in _blocks(record) if b not in furniture and not _is_furniture(b)]
    if blocks and words(blocks[0]) == words(title):
        del blocks[0]
    return Original(
        corpus="article_bias",
        text="\n\n".join(blocks),
        genre="news",
        topic=record["topic"],
        title=title,
        site=record["source_url"].removeprefix("www."),
        published=date.fromisoformat(record["date"]),
    )


def _is_furniture(block: str) -> bool:
    return len(block) < 300 and bool(_FURNITURE.search(block))
