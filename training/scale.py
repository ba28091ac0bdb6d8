"""What a crawl costs as it grows: ``python -m training.scale cost|soak``.

``cost`` judges crawls of several sizes into an archive each, then increments of 1,000 articles
against it; ``soak`` puts one increment after another into one archive, killing some of them on the
way, and holds the sums against what went in. Both run ``unspun batch`` as anybody would, and leave
only figures behind: the articles are written to ``build/`` and removed.

Larger crawls than the mirror holds are made of its news, round after round. In each round words
that are not among the commonest change places with words of like frequency, names with names, and
figures change their digits: every article has the length, the common words and the rarity of words
of a real one, and nothing that it would be found by in common with the round before. Every tenth
is a later version of an earlier one on another site: cut to two thirds, or with every seventh of
its rarer words changed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

from detector import archive
from detector.store import write_json
from training.corpora import ROOT, default_mirror
from training.discovery import news
from training.rewriters.prose import cut_to

BUILD = ROOT / "build" / "training"
SEED = 30
SIZES = (10_000, 30_000, 100_000)
INCREMENT = 1000
REPEATS = 3  # increments against each size
COMMONEST = 2000  # words that keep their places in every round
LIKE = 200  # neighbours by frequency among which a word finds its stand-in
KILLED = 0.3  # share of the increments of a soak that are killed on the way
LEFT_ALONE = 2  # increments at its beginning that are not

_WORD = re.compile(r"[A-Za-z][a-z]+|\d")
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_A_MINUTE = timedelta(minutes=1)


# ---------------------------------------------------------------- articles


class Rounds:
    """Articles without end, made of those that there are.

    Parameters
    ----------
    texts : at least one
    distinct : so many of them, the first, are what articles are made of; all give the words
    """

    def __init__(self, texts: Sequence[str], distinct: int | None = None) -> None:
        self._texts = texts[:distinct]
        counted = Counter(word for text in texts for word in _WORD.findall(text))
        ranked = [word for word, _ in counted.most_common() if not word.isdigit()]
        rare = ranked[COMMONEST:]
        self._names = [word for word in rare if word[0].isupper()]
        self._words = [word for word in rare if not word[0].isupper()]
        self._exchanges: dict[int, Mapping[str, str]] = {0: {}}

    def articles(self) -> Iterator[dict[str, str]]:
        """Give records, each published a minute after the one before it."""
        for number in count():
            later = number % 10 == 9
            text = self._later(number) if later else self._text(number)
            site = f"farm{number % 7}.example" if later else f"paper{number % 50}.example"
            date = (_BEGIN + number * _A_MINUTE).isoformat()
            yield {"url": f"https://{site}/{number}", "text": text, "date": date}

    def _text(self, number: int) -> str:
        turn, place = divmod(number, len(self._texts))
        return _exchanged(self._texts[place], self._exchange(turn), turn)

    def _later(self, number: int) -> str:
        """Make a later version of an earlier article."""
        chance = random.Random(number)
        earlier = chance.randrange(number)
        text = self._text(earlier - (earlier % 10 == 9))
        if number % 20 == 9:
            paragraphs = text.split("\n\n")
            return "\n\n".join(paragraphs[: max(1, 2 * len(paragraphs) // 3)])
        others = self._exchange(-1)
        return _WORD.sub(
            lambda word: word[0] if chance.randrange(7) else others.get(word[0], word[0]), text
        )

    def _exchange(self, turn: int) -> Mapping[str, str]:
        """Give each rarer word another of like frequency."""
        if turn not in self._exchanges:
            chance = random.Random(SEED + turn)
            found: dict[str, str] = {}
            for words in (self._names, self._words):
                for start in range(0, len(words), LIKE):
                    part = words[start : start + LIKE]
                    found.update(zip(part, chance.sample(part, len(part)), strict=True))
            self._exchanges[turn] = found
        return self._exchanges[turn]


def _exchanged(text: str, others: Mapping[str, str], turn: int) -> str:
    if not turn:
        return text

    def other(word: re.Match[str]) -> str:
        found = word[0]
        return str((int(found) + turn) % 10) if found.isdigit() else others.get(found, found)

    return _WORD.sub(other, text)


# ---------------------------------------------------------------- runs


class Crawl:
    """A crawl that grows, in a folder of its own, with an archive of what came before.

    Parameters
    ----------
    folder : for inputs, results and the archive
    records : what is crawled, in this order
    memory : what the search may take, as ``--memory`` has it; by default what a run takes
    """

    def __init__(
        self, folder: Path, records: Iterator[dict[str, str]], memory: str | None = None
    ) -> None:
        self.archive = folder / "archive"
        self._memory = ["--memory", memory] if memory else []
        self._folder, self._records = folder, records
        self._runs = 0
        self.given = 0  # articles so far

    def grow(self, articles: int, *, kill_after: float | None = None) -> dict[str, Any]:
        """Judge the next articles against the archive, which takes them in.

        Parameters
        ----------
        kill_after : seconds after which the run is killed, to be begun again

        Returns
        -------
        What the run's summary says, the seconds that the command took in all, those of a core that
        it spent, and whether it was killed before.
        """
        path, out = self._written(articles), self._folder / f"out{self._runs}"
        command = ["batch", str(path), "--out", str(out), "--archive", str(self.archive)]
        command += ["--window", "0", *self._memory]
        killed = kill_after is not None and _killed(_unspun(command), kill_after)
        told = measured(command)
        shutil.rmtree(out)
        path.unlink()
        return told | {"killed": killed}

    def add(self, articles: int) -> dict[str, Any]:
        """Add the next articles to the archive, unjudged.

        Returns
        -------
        What the command says, the seconds that it took and those of a core that it spent.
        """
        path = self._written(articles)
        told = measured(["archive", "add", str(self.archive), str(path), *self._memory])
        path.unlink()
        return told

    def _written(self, articles: int) -> Path:
        self._runs += 1
        self.given += articles
        path = self._folder / f"{self._runs}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(r) + "\n" for r in islice(self._records, articles))
        return path


def _unspun(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "detector", *arguments]


def measured(arguments: Sequence[str]) -> dict[str, Any]:
    """Run a command of ours to its end, and add to what it says as JSON what it took."""
    begin, spent = time.monotonic(), _processor_seconds()
    ended = subprocess.run(  # noqa: S603 - our own
        [*_unspun(arguments), "--json"], capture_output=True, text=True, check=False
    )
    took, spent = time.monotonic() - begin, _processor_seconds() - spent
    if ended.returncode not in (0, 3):
        raise RuntimeError(ended.stderr)
    said: dict[str, Any] = json.loads(ended.stdout)
    return said | {"took": round(took, 1), "spent": round(spent, 1)}


def _processor_seconds() -> float:
    """Seconds of a core that ended children took; a busy machine changes them little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _killed(command: Sequence[str], seconds: float) -> bool:
    """Run a command and kill it after so many seconds; tell whether it was still at work."""
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    return False


def cost(
    texts: Sequence[str],
    sizes: Sequence[int],
    memory: str | None = None,
    *,
    judged: bool = True,
    rounds: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Load each size into a new archive, judged or only added; then measure increments against it.

    Parameters
    ----------
    rounds : that every size is made of, so that an article has as many like it in each; by default
        every size begins with all texts

    Yields
    ------
    dict
        ``articles``, ``load``, ``archive_megabytes``, and the medians of ``increment``.
    """
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            made = Rounds(texts, size // rounds if rounds else None)
            crawl = Crawl(Path(folder), made.articles(), memory)
            load = _figures(crawl.grow(size), size) if judged else crawl.add(size)
            megabytes = crawl.archive.stat().st_size / 1e6
            increments = [_figures(crawl.grow(INCREMENT), INCREMENT) for _ in range(REPEATS)]
        yield {
            "articles": size,
            "load": load,
            "archive_megabytes": round(megabytes),
            "increment": {name: median(run[name] for run in increments) for name in increments[0]},
        }


def _figures(summary: Mapping[str, Any], articles: int) -> dict[str, float]:
    return {
        "seconds": summary["took"],
        "processor_seconds": summary["spent"],
        "articles_a_second": round(articles / summary["took"], 1),
        **{f"megabytes_{who}": peak for who, peak in summary["peak_megabytes"].items()},
        "candidates_an_article": round(summary["candidates"] / summary["articles"], 2),
        "with_source": round(summary["with_source"] / summary["articles"], 3),
        **{f"seconds_{step}": seconds for step, seconds in summary["seconds"].items()},
    }


def soak(
    texts: Sequence[str], articles: int, memory: str | None = None
) -> Iterator[dict[str, Any]]:
    """Put increment after increment into one archive; some are killed and begun again.

    Raises
    ------
    RuntimeError
        Where an article is not accounted for.
    """
    chance, took = random.Random(SEED), 0.0
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        crawl = Crawl(Path(folder), Rounds(texts).articles(), memory)
        judged = rejected = 0
        for number in range(articles // INCREMENT):
            # The first are left alone, to know how long one takes; the very first is slower.
            killing = number >= LEFT_ALONE and chance.random() < KILLED
            kill = chance.uniform(0.05, 0.6) * took if killing else None
            summary = crawl.grow(INCREMENT, kill_after=kill)
            if kill is None:
                took = summary["took"]
            judged += summary["articles"]
            rejected += summary["rejected"]
            held = archive.stats(crawl.archive)["articles"]
            if (judged + rejected, held) != (crawl.given, judged):
                raise RuntimeError(
                    f"increment {number}: {crawl.given} given, {judged} judged, {rejected} "
                    f"rejected, {held} in the archive"
                )
            yield {
                "increment": number + 1,
                "killed": summary["killed"],
                "articles": held,
                "rejected": rejected,
                "seconds": summary["took"],
                "processor_seconds": summary["spent"],
                "peak_megabytes": summary["peak_megabytes"],
                "archive_megabytes": round(crawl.archive.stat().st_size / 1e6),
            }
        faults = list(archive.verify(crawl.archive))
        if faults:
            raise RuntimeError(f"the archive is damaged: {faults}")


def main() -> None:
    """Measure, print a line a step, and keep all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("cost", "soak"))
    parser.add_argument("--mirror", type=Path, default=default_mirror())
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="of cost")
    parser.add_argument("--articles", type=int, default=100_000, help="of the soak")
    parser.add_argument("--words", type=int, help="Cut the mirror's articles to so many first.")
    parser.add_argument("--unjudged", action="store_true", help="Load by `unspun archive add`.")
    parser.add_argument("--rounds", type=int, help="Make every size of so many.")
    parser.add_argument("--memory", help="What the search may take, such as 256MB.")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    texts = [original.text for original in news(options.mirror)]
    if options.words:
        texts = [cut_to(text, options.words) for text in texts]
    if options.what == "cost":
        judged = not options.unjudged
        steps = cost(texts, options.sizes, options.memory, judged=judged, rounds=options.rounds)
    else:
        steps = soak(texts, options.articles, options.memory)
    found = []
    for step in steps:
        print(json.dumps(step), flush=True)
        found.append(step)
        given = ("words", "memory", "rounds")
        facts = {"pool": len(texts)} | {name: getattr(options, name) for name in given}
        write_json(BUILD / f"{options.what}.json", {options.what: found, **facts})


if __name__ == "__main__":
    main()
