"""Crawls of any size made of those that there are, and runs over them that are accounted for."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from training import scale
from training.mining import containment

PLACES = ("Skarholm", "Ashdown", "Lindau", "Tornvik", "Wendle", "Sorrel")
TRADES = ("miner", "teacher", "sailor", "farmer", "baker", "printer")
TEXTS = [
    f"On Monday the {trade} Solveig{i} of {place} told the council that {i}{n} people had signed. "
    f"A petition about the {word} goes to the mayor, who promised the {trade} an answer.\n\n"
    f"The {word} at {place} has been closed since the storm, and nobody knows who is to pay for "
    f"it. In {place} they say that a {trade} could mend the {word} in a week."
    for i, (place, trade, word) in enumerate(
        zip(PLACES, TRADES, ("pier", "school", "lighthouse", "mill", "oven", "press"), strict=True)
    )
    for n in (1, 2)
]


@pytest.fixture(autouse=True)
def few_common_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the rarer words of these few texts for rare."""
    monkeypatch.setattr(scale, "COMMONEST", 20)
    monkeypatch.setattr(scale, "LIKE", 50)


def records(count: int) -> list[dict[str, str]]:
    """Give the first records."""
    return list(islice(scale.Rounds(TEXTS).articles(), count))


def test_the_same_articles_come_every_time_each_later_than_the_last() -> None:
    """Records are a function of the texts; addresses differ and times ascend."""
    found = records(60)

    assert found == records(60)
    assert len({record["url"] for record in found}) == 60
    assert [r["date"] for r in found] == sorted({r["date"] for r in found})


def test_a_round_keeps_the_words_and_changes_who_has_them() -> None:
    """A round is a permutation of its rarer words: their frequencies stay, an article's change."""
    rounds = scale.Rounds(TEXTS)
    first = [rounds._text(n) for n in range(len(TEXTS))]
    second = [rounds._text(n + len(TEXTS)) for n in range(len(TEXTS))]

    assert first == TEXTS
    for one, two in zip(first, second, strict=True):
        assert len(one.split()) == len(two.split())
        assert one != two
    assert frequencies(first) == frequencies(second)


def frequencies(texts: list[str]) -> Counter[int]:
    """Count how many words stand how often in texts."""
    words = Counter(word for text in texts for word in scale._WORD.findall(text))
    return Counter(often for word, often in words.items() if not word.isdigit())


def test_every_tenth_is_a_later_version_on_another_site() -> None:
    """What stands on the farms has its source among the articles before it."""
    found = records(100)
    for number, record in enumerate(found):
        best = max((containment(record["text"], r["text"]) for r in found[:number]), default=0)
        assert ("farm" in record["url"]) == (number % 10 == 9)
        if number % 10 == 9:
            assert best > 0.4


def test_a_soak_accounts_for_every_article(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Increments that are killed and begun again lose nothing and do nothing twice."""
    monkeypatch.setattr(scale, "BUILD", tmp_path)
    monkeypatch.setattr(scale, "INCREMENT", 15)
    monkeypatch.setattr(scale, "KILLED", 1.0)
    steps = list(scale.soak(TEXTS, 45))

    assert [step["killed"] for step in steps] == [False, False, True]
    assert [step["articles"] + step["rejected"] for step in steps] == [15, 30, 45]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("judged", [True, False])
def test_cost_tells_what_a_load_and_an_increment_take(
    judged: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Judged or only added, all articles are in the archive before the increments are."""
    monkeypatch.setattr(scale, "BUILD", tmp_path)
    monkeypatch.setattr(scale, "INCREMENT", 10)
    monkeypatch.setattr(scale, "REPEATS", 1)
    (told,) = scale.cost(TEXTS, [20], judged=judged)

    assert told["articles"] == 20
    assert told["increment"]["seconds"] > 0
    assert told["increment"]["candidates_an_article"] > 0
    assert list(tmp_path.iterdir()) == []
    if not judged:
        assert told["load"]["added"] + told["load"]["rejected"] == 20
