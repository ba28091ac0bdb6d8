"""Damage inputs of every kind; by command, for as long as asked, with a process that is bounded.

``python tests/ingest/fuzz.py --minutes 30`` prints what failed and where it was written.
"""

from __future__ import annotations

import argparse
import gzip
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from hostile import STORY, http, item, nested_parquet, page, parquet, record, rss, warc
from hypothesis import strategies as st

from detector.records import Article, Rejected

SEEDS: dict[str, bytes] = {
    "feed": rss(item("<guid>urn:1</guid><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>") * 2),
    "JSON lines": record(id="1", published="2026-01-05") + record(id="2", url="https://a.example"),
    "JSON feed": b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "urn:1",'
    b' "content_html": "<p>The bridge closes.</p>", "date_published": "2026-01-05"}]}',
    "page": page(
        f"<h1>Bridge</h1><p>{STORY}</p>",
        "<meta property='og:title' content='Bridge'><script type='application/ld+json'>"
        '{"@type": "NewsArticle", "datePublished": "2026-01-05"}</script>',
    ),
    "archive": warc(http(page(STORY))) * 2,
    "packed archive": gzip.compress(warc(http(page(STORY)))) * 2,
    "CSV": b'id,text,date\n1,"The bridge closes.",2026-01-05\n2,The ferry sails.,2026-01-06\n',
    "Parquet": parquet(id=["1", "2"], text=[STORY, STORY], published=["2026-01-05", None]),
    "nested Parquet": nested_parquet(),
    "text": STORY.encode(),
    "UTF-16": STORY.encode("utf-16"),
}
# What readers look for, put where it does not belong.
TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b"</", b"<!DOCTYPE x [", b"]]>",
    b"<![CDATA[", b"<!--", b"&#0;", b"&lt;", b'"', b"{", b"}", b"[", b"]", b"\\ud800", b"\n", b",",
    b"\r\n\r\n", b"1e999", b"-1", b"99999999999999999999", b"Content-Length: 0\r\n", b"PAR1",
    b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: br\r\n", b"charset=utf-7",
    b"\x1f\x8b\x08", b"WARC/1.0\r\n",
)  # fmt: skip


def damage(data: bytes, edits: Sequence[tuple[int, int, int]]) -> bytes:
    """Cut, overwrite, insert and double parts of some bytes.

    Parameters
    ----------
    edits : kind of damage, place and amount, all taken modulo what there is
    """
    for kind, place, amount in edits:
        at = place % (len(data) + 1)
        span = amount % 64
        token = TOKENS[amount % len(TOKENS)]
        data = (
            data[:at],
            data[:at] + data[at + span :],
            data[:at] + token + data[at:],
            data[:at] + token + data[at + len(token) :],
            data[:at] + data[max(0, at - span) : at] * 5 + data[at:],
            data[:at] + bytes([amount % 256]) + data[at + 1 :],
        )[kind % 6]
    return data


_EDITS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1 << 16), st.integers(0, 1 << 16)),
    min_size=1, max_size=6,
)  # fmt: skip
READ = {
    kind: _EDITS.map(lambda edits, seed=seed: damage(seed, edits)) for kind, seed in SEEDS.items()
}


def sound(outcomes: Sequence[object]) -> bool:
    """Tell whether reading ended as it must, with texts that every later stage can hold."""
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            assert outcome.reason
        else:
            assert isinstance(outcome, Article)
            assert outcome.text
            (outcome.text + outcome.title + outcome.url + outcome.id).encode("utf-8")
    return bool(outcomes)


def main() -> None:
    """Damage inputs until the time is up; each is read in a process whose memory is bounded."""
    from bounded import measured

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng, end, tried = random.Random(asked.seed), time.monotonic() + 60 * asked.minutes, 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            for n in range(200):
                edits = [
                    (rng.randrange(6), rng.randrange(1 << 16), rng.randrange(1 << 16))
                    for _ in range(rng.randrange(1, 9))
                ]
                data = damage(rng.choice(list(SEEDS.values())), edits)
                (Path(folder) / f"{n:03}").write_bytes(data)
            tried += 200
            found, _, megabytes = measured(folder, 3_000_000_000, 120)
            if (
                not found
                or megabytes > 700
                or any(r.startswith(("killed", "raised")) for r in found)
            ):
                kept = Path(tempfile.mkdtemp(prefix="fuzz-"))
                for path in Path(folder).iterdir():
                    (kept / path.name).write_bytes(path.read_bytes())
                print(f"{found} at {megabytes:.0f} MB: {kept}", flush=True)  # noqa: T201
    print(f"{tried} inputs read")  # noqa: T201


if __name__ == "__main__":
    main()
