"""Other means of finding sources: each finds what it can find."""

from __future__ import annotations

import pytest

from training.finders import finders

HAYSTACK = [
    "The ferry to Skarholm will not run in winter, the council of Tornvik decided on Monday. "
    "Fishermen had asked for one crossing a day, and were told that the money was spent.",
    "A choir of retired miners from Ashdown sang for the last time, forty years after the pit "
    "closed. Its leader, Gwen Pritchard, said that six voices were too few for four parts.",
    "Beekeepers around Lindau lost every third hive to a beetle that was first seen in May. "
    "The state laboratory asks them to burn the combs and to report each find by telephone.",
]
# Half of each sentence stands as it was: within the reach of all of them.
QUERY = (
    "A choir of retired miners from Ashdown sang for the last time, four decades on. Its leader, "
    "Gwen Pritchard, said that six voices were too few for the music that they love."
)


@pytest.mark.parametrize("name", sorted(finders(10)))
def test_each_finds_a_story_of_which_half_was_kept(name: str) -> None:
    """The source of a query is the first of what is found, and an article finds itself."""
    ask = finders(10)[name](HAYSTACK)

    assert [places[:1] for places in ask([QUERY, HAYSTACK[2]])] == [[1], [2]]


@pytest.mark.parametrize("name", sorted(finders(1)))
def test_none_gives_more_places_than_it_was_asked_for(name: str) -> None:
    """Asked for one place, each gives at most one, for a query of no known word too."""
    ask = finders(1)[name](HAYSTACK)

    assert all(len(places) <= 1 for places in ask([QUERY, "zzyzx qwv"]))
