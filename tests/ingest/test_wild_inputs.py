"""Feeds and archives from the wild, several of them broken."""

from __future__ import annotations

import tarfile
from collections import Counter

import pytest
from mirror import archive

from detector.ingest import read_bytes
from detector.records import Article, Rejected

FEEDS = "rbren+rss-parser@b0d3b483c0c4.tar.xz"
ARCHIVES = "chatnoir-eu+chatnoir-resiliparse@70459f039971.tar.xz"


def outcomes(name: str, folder: str) -> dict[str, list[Article | Rejected]]:
    """Read every file under a folder of an archive."""
    found = {}
    with tarfile.open(archive(name)) as tar:
        for member in tar:
            file = tar.extractfile(member) if folder in member.name else None
            if file is not None:
                key = member.name.rpartition("/")[2]
                found[key] = list(read_bytes(file.read(), name=key))
    return found


def reasons(found: list[Article | Rejected]) -> Counter[str]:
    """Count outcomes by reason; articles have none."""
    return Counter(outcome.reason if isinstance(outcome, Rejected) else "" for outcome in found)


def test_every_wild_feed_ends_in_articles_or_reasons() -> None:
    """All 31 are read; a moved page among them is a page, and items without text say so."""
    found = outcomes(FEEDS, "/test/input/")

    assert len(found) == 31
    assert all(found.values())
    assert set().union(*map(reasons, found.values())) == {"", "no_text"}
    assert reasons(found["guardian.rss"]) == {"": 55}
    assert sum(reasons(outcome)[""] for outcome in found.values()) >= 1100


def test_every_wild_archive_ends_in_articles_or_reasons() -> None:
    """One text comes out of every packing, and what precedes a clip is not lost."""
    found = outcomes(ARCHIVES, "/tests/data/")
    packings = [reasons(found[f"warcfile.warc{end}"]) for end in ("", ".gz", ".lz4")]

    assert len(found) == 8
    assert packings == [{"": 16}] * 3
    assert reasons(found["clipped.warc.gz"])["truncated"] == 1
    assert reasons(found["clueweb-quirk.warc.gz"])[""] == 29


@pytest.mark.parametrize("end", ["", ".gz", ".lz4"])
def test_records_of_no_known_type_are_no_pages(end: str) -> None:
    """An archive of continuations alone says that it holds no page."""
    found = outcomes(ARCHIVES, "/tests/data/block-sized")

    assert reasons(found[f"block-sized-records.warc{end}"]) == {"no_pages": 1}
