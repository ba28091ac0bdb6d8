"""Finding one event told twice, and text used again."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import mining
from training.readers.records import Original, shingles

FERRY = (
    "The night ferry Merganser ran aground off Lindow Point on Friday after its rudder jammed in "
    "heavy swell. Lifeboats took all ninety passengers to Harrow Quay, where they were given tea "
    "and blankets. The harbour master, Ines Corvell, said the channel would stay closed until "
    "divers had inspected the hull and the buoys."
)
FERRY_TOLD_APART = (
    "Ninety people were brought ashore by lifeboat when the Merganser, a ferry bound for Harrow "
    "Quay, struck a bank near Lindow Point. Ines Corvell, harbour master, blamed a jammed rudder "
    "and closed the channel; divers are expected to look at the hull at first light."
)
BAKERY = (
    "A bakery in Tolsworth has won the county prize for rye bread for the third year running. "
    "Its owner, Petra Almgren, keeps a sourdough that her grandmother began and feeds it twice a "
    "day. Judges praised the crust, the crumb and the faint taste of caraway seeds in the loaf."
)
ORCHARD = (
    "Frost has killed most of the cherry blossom in the Wendle valley, growers say. Candles were "
    "lit between the rows for two nights, yet the cold crept under the smoke. Pickers who come "
    "each June from abroad have been told that there may be no work for them this summer."
)


def original(text: str, day: int, site: str) -> Original:
    """Make an original of a May day."""
    return Original("press", text, "news", site=site, published=date(2017, 5, day))


PRESS = [
    original(FERRY, 5, "harrowpost.example"),
    original(FERRY_TOLD_APART, 6, "lindowecho.example"),
    original(BAKERY, 5, "tolsworthnews.example"),
    original(ORCHARD, 6, "wendletimes.example"),
]


def test_same_event_found() -> None:
    """Two sites' reports of one event within a day are found, the earlier one first, and nothing
    else is.
    """
    found = mining.same_event(PRESS)

    assert [(match.first, match.second) for match in found] == [(0, 1)]
    assert found[0].cosine >= mining.SAME_EVENT
    assert found[0].containment < mining.INDEPENDENT


@pytest.mark.parametrize(
    ("day", "site"), [(8, "lindowecho.example"), (6, "harrowpost.example")], ids=["late", "own"]
)
def test_same_event_needs_day_and_other_site(day: int, site: str) -> None:
    """Reports more than a day apart, and reports of one site, are no pair."""
    second = original(FERRY_TOLD_APART, day, site)

    assert mining.same_event([PRESS[0], second, *PRESS[2:]]) == []


def test_undated_events() -> None:
    """Without dates, likeness alone finds the event, in the order of the collection."""
    stories = [Original("press", o.text, "news") for o in PRESS]

    assert [(match.first, match.second) for match in mining.same_event(stories)] == [(0, 1)]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_pair(count: int) -> None:
    """No story and a lone story make no pair."""
    assert mining.same_event(PRESS[:count]) == []


def test_containment_bounds() -> None:
    """A text holds all of itself and of its part, and nothing of another; too short is nothing."""
    part = " ".join(FERRY.split()[:20])

    assert mining.containment(FERRY, FERRY) == 1
    assert mining.containment(part, FERRY) == mining.containment(FERRY, part) == 1
    assert mining.containment(FERRY, BAKERY) == 0
    assert mining.containment("Too short.", FERRY) == 0


def test_reuse_found() -> None:
    """A text that carries another's paragraph is found with the share that it carries."""
    mixed = BAKERY + " " + ORCHARD
    found = mining.reused([FERRY, BAKERY, mixed])

    assert [(match.first, match.second) for match in found] == [(1, 2)]
    assert found[0].containment == 1


WORDS = st.lists(st.sampled_from(["tide", "rope", "mast", "deck"]), min_size=4, max_size=60)


@given(st.lists(WORDS.map(" ".join), min_size=2, max_size=6))
def test_reuse_oracle(texts: list[str]) -> None:
    """Whatever the texts, the pairs are those that counting common 6-grams one by one gives."""
    found = {(match.first, match.second) for match in mining.reused(texts)}
    grams = [set(shingles(text, mining.SHINGLE)) for text in texts]
    slow = {
        (a, b)
        for a, b in combinations(range(len(texts)), 2)
        if len(grams[a] & grams[b]) >= mining.LEAST_COMMON
    }

    assert found == slow


def test_phrases_of_the_trade_are_no_reuse() -> None:
    """Wording that stands in many texts ties none of them together."""
    phrase = "a spokesman was not at once available to comment on the matter before going to press"
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    texts = [f"{phrase} {name}" for name in [*names, "eleven", "twelve", "thirteen"]]

    assert mining.reused(texts) == []
