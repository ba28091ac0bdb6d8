"""A wire story that thousands print, and what is made of it: ``python -m training.wire``.

One story of the mirror is printed by as many papers as asked, each with a line of its own and a
paragraph left out; then farms rewrite it by synonyms. All goes through ``unspun batch`` as a crawl.
Told is what the prints and the rewrites were said to come from, and what it took.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from detector.candidates import EARLIEST
from training.corpora import default_mirror
from training.crossing import thesauri
from training.discovery import news
from training.rewriters.spinner import manner, spin
from training.scale import BUILD, measured

SEED = 5
PRINTS, REWRITES = 5000, 50
WORDS = range(250, 400)  # of the story
LEAST_PARAGRAPHS = 6
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def story(texts: Sequence[str]) -> str:
    """Choose a story of an agency's length."""
    fit = (t for t in texts if len(t.split()) in WORDS and t.count("\n\n") >= LEAST_PARAGRAPHS - 1)
    return random.Random(SEED).choice(list(fit))


def records(text: str, prints: int, rewrites: Sequence[str]) -> Iterator[dict[str, str]]:
    """Give a record a print, then one a rewrite, each a second after the one before it."""
    chance, paragraphs = random.Random(SEED), text.split("\n\n")
    for number in range(prints):
        left_out = chance.randrange(1, len(paragraphs))
        kept = [part for place, part in enumerate(paragraphs) if place != left_out]
        line = f"Paper {number} of ward {chance.randrange(10**6)} has {chance.randrange(99)} pages."
        yield _record(f"paper{number}", number, "\n\n".join([*kept, line]))
    for number, rewrite in enumerate(rewrites):
        yield _record(f"farm{number}", prints + number, rewrite)


def _record(site: str, number: int, text: str) -> dict[str, str]:
    date = (_BEGIN + timedelta(seconds=number)).isoformat()
    return {"id": site, "url": f"https://{site}.example/a", "date": date, "text": text}


def told(rows: Sequence[Mapping[str, Any]], figures: Mapping[str, Any]) -> dict[str, Any]:
    """Count what was said of the prints and of the rewrites.

    Parameters
    ----------
    rows : verdicts
    figures : of the run
    """
    first = {f"paper{number}" for number in range(EARLIEST)}
    prints = [row for row in rows if row["suspect_id"].startswith("paper")]
    rewrites = [row for row in rows if row["suspect_id"].startswith("farm")]
    return {
        "prints": len(prints),
        "from_the_first": sum(row["source_id"] in first for row in prints),
        "without_source": sum(row["source_id"] is None for row in prints),
        "rewrites": len(rewrites),
        "rewrites_from_the_first": sum(row["source_id"] in first for row in rewrites),
        "candidates_an_article": round(figures["candidates"] / max(1, len(rows)), 2),
        "processor_seconds": figures["spent"],
        "seconds_searching": figures["seconds"]["candidates"],
    }


def wire(texts: Sequence[str], prints: int, rewrites: int, folder: Path) -> dict[str, Any]:
    """Print, rewrite and judge.

    Parameters
    ----------
    folder : for the crawl and its results
    """
    chance, text = random.Random(SEED), story(texts)
    made = [spin(text, thesauri()["mythes"], manner(chance), chance) for _ in range(rewrites)]
    crawl, out = folder / "crawl.jsonl", folder / "out"
    lines = map(json.dumps, records(text, prints, made))
    crawl.write_text("\n".join(lines), encoding="utf-8")
    figures = measured(["batch", str(crawl), "--out", str(out), "--window", "0"])
    return told(pq.read_table(out / "verdicts.parquet").to_pylist(), figures)


def main() -> None:
    """Measure and print as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=default_mirror())
    parser.add_argument("--prints", type=int, default=PRINTS)
    parser.add_argument("--rewrites", type=int, default=REWRITES)
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    texts = [original.text for original in news(options.mirror)]
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        print(json.dumps(wire(texts, options.prints, options.rewrites, Path(folder)), indent=1))


if __name__ == "__main__":
    main()
