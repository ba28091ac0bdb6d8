"""How well sources are found: the measuring itself."""

from __future__ import annotations

from training.discovery import Query, _by, _candidates, _degree_class, _outcome, _rivals

HAYSTACK = [
    "The ferry to Skarholm will not run in winter, the council of Tornvik decided on Monday. "
    "Fishermen had asked for one crossing a day, and were told that the money was spent. Mayor "
    "Solveig Brandt said that the old vessel burnt four tonnes of oil a week, and that nobody had "
    "offered to buy it. A petition with nine hundred names was handed over before the vote.",
    "A choir of retired miners from Ashdown sang for the last time, forty years after the pit "
    "closed. Its leader, Gwen Pritchard, said that six voices were too few for four parts. The "
    "hall was so full that a loudspeaker had to be carried out to the car park, where some "
    "hundred people stood in the drizzle and joined in the final hymn.",
    "Beekeepers around Lindau lost every third hive to a beetle that was first seen in May. "
    "The state laboratory asks them to burn the combs and to report each find by telephone. "
    "Traps with vinegar caught forty thousand of the insects in a week, said Jonas Egger, who "
    "leads the campaign, but the larvae had by then spread to orchards across the lake.",
]
REWRITE = (
    "For the final time a choir made of former miners performed in Ashdown, four decades since the "
    "colliery shut. According to conductor Gwen Pritchard, half a dozen singers cannot cover four "
    "parts. Such was the crowd in the hall that a loudspeaker went outside to the car park; about "
    "a hundred listeners stayed there in the drizzle and took up the closing hymn."
)
ASKED = [Query("rewrite", REWRITE, (HAYSTACK[1],))]
TEXTS = [*HAYSTACK, REWRITE]


def test_the_source_of_a_rewrite_is_found_and_chosen() -> None:
    """A query's candidates come from the haystack alone, its source first among them."""
    found, seconds, touched = _candidates(TEXTS, len(HAYSTACK), jobs=1)
    outcome = _outcome(ASKED[0], [TEXTS[i] for i in found[3]])

    assert set(found) == {3}
    assert outcome.first
    assert outcome.chosen
    assert outcome.among == 1
    assert 0.6 < outcome.degree < 0.95
    assert set(seconds) == {"sketch", "candidates"}
    assert len(found[3]) < touched <= len(TEXTS)  # the query itself, too


def test_groups_are_averaged_by_name() -> None:
    """Each group by its own queries, and all of them together."""
    found = _outcome(ASKED[0], [HAYSTACK[1]])
    missed = _outcome(ASKED[0], [HAYSTACK[0]])
    groups = _by(["spun", "by hand", "spun"], [found, found, missed])

    assert {name: (g["queries"], g["first by weight"]) for name, g in groups.items()} == {
        "spun": (2, 0.5), "by hand": (1, 1.0), "all": (3, 0.667),
    }  # fmt: skip


def test_degrees_fall_into_fifths() -> None:
    """Every degree has its class, and one that is nan a class of its own."""
    assert _degree_class(0.0) == "degree 0.0 to 0.2"
    assert _degree_class(0.61) == "degree 0.6 to 0.8"
    assert _degree_class(1.0) == "degree 0.8 to 1.0"
    assert _degree_class(float("nan")) == "not measured"


def test_rivals_are_measured_on_the_same_queries() -> None:
    """Each rival finds what was cut short, and MinHash no rewrite."""
    cut = Query("cut", HAYSTACK[2].partition(", but")[0], (HAYSTACK[2],))
    found = _rivals([*TEXTS, cut.text], len(HAYSTACK), [*ASKED, cut])

    assert {name: figures["cut"] for name, figures in found.items()} == dict.fromkeys(found, 1)
    assert found["BM25, 20 rarest words"]["all"] == 1
    assert found["MinHash, 32 bands of 4"]["rewrite"] == 0
    assert found["MinHash, 32 bands of 4"]["all"] == 0.5
