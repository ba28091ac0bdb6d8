"""Translation there and back: what it keeps, what it must not leak, and how it fails."""

from __future__ import annotations

import re

import pytest

from detector.errors import DetectorError
from training.readers.records import shared
from training.rewriters import prose, roundtrip

STORY = (
    "The town council voted on Tuesday to close the old footbridge over the Wendle, and walkers "
    "were angry. Engineers found deep cracks in two of its piers last month.\n\n"
    '"We looked at every repair and could not afford one," said Mayor Dana Whitlock, who had '
    "promised to save the bridge. She asked residents to be patient, but many of them were not.\n\n"
    "Shopkeepers on the east bank expect to lose customers. A ferry will run every hour, which "
    "the council says is enough for most people who work in the market.\n\n"
    "The bridge was built in 1931 by a local foundry. Its lamps are still lit by hand, and a "
    "society of volunteers paints the railings each spring because the paint peels in the damp.\n\n"
    "A decision about a new crossing is due before the summer. Until then the gates stay shut."
)


def needs_apertium() -> None:
    """Skip where the translator is not installed."""
    if not roundtrip.installed_pairs():
        pytest.skip("Apertium is missing: install apertium and its pairs")


@pytest.mark.parametrize("pivot", roundtrip.PIVOTS, ids=lambda pivot: pivot.name)
def test_round_trip_keeps_the_frame(pivot: roundtrip.Pivot) -> None:
    """Each pivot gives paragraph for paragraph, changed wording, and no marks of its own."""
    needs_apertium()
    there, empty, again = roundtrip.there_and_back([STORY, "", STORY], pivot)

    assert len(prose.paragraphs(there)) == len(prose.paragraphs(STORY))
    assert there == again
    assert empty == ""
    assert 0.02 < shared(there, STORY) < 0.9
    assert not re.search(r"[*#@§]", there)


def test_round_trip_keeps_signs() -> None:
    """Sums of money, brackets and addresses survive, so that they do not tell a translation."""
    needs_apertium()
    text = 'The ferry cost $5 million [or more]. Write to @lindowferry, he said: "It is late."'
    back = roundtrip.there_and_back([text], roundtrip.PIVOTS[0])[0]

    assert "$5" in back
    assert "[" in back
    assert "@lindowferry" in back
    assert re.search(r'"\S.*\S"', back)


def test_round_trip_keeps_lower_case() -> None:
    """A text in lower case comes back in lower case."""
    needs_apertium()

    assert roundtrip.there_and_back([STORY.lower()], roundtrip.PIVOTS[0])[0].islower()


def test_leaks_go() -> None:
    """A word that the way back does not know goes, unless the text had it; marks go anyway."""
    restored = roundtrip._restored(["the *felices man *Whitlock #walk . @go"], "Whitlock walks")

    assert restored == "The man Whitlock walk. go"


def test_breakdown_costs_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the translator breaks down over one text, only that one is lost."""

    def translate(text: str, direction: str, *options: str) -> str:
        if "dreadful" in text:
            raise roundtrip._BreakdownError("index > limit")
        return text

    monkeypatch.setattr(roundtrip, "_translate", translate)
    monkeypatch.setattr(roundtrip, "installed_pairs", lambda: {"eng-spa", "spa-eng"})
    texts = ["One.", "Two.", "A dreadful one.", "Four.\n\nFive."]

    assert roundtrip.there_and_back(texts, roundtrip.PIVOTS[0]) == ["One.", "Two.", "", texts[3]]


def test_a_silent_breakdown_costs_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translator that stops without an error loses the text at fault alone, wherever it stood."""

    def translate(text: str, *_: str) -> str:
        return text.partition("crash")[0]

    monkeypatch.setattr(roundtrip, "_translate", translate)
    monkeypatch.setattr(roundtrip, "installed_pairs", lambda: {"eng-spa", "spa-eng"})
    texts = [f"Text number {n} is short." for n in range(9)]
    texts[4] = "This one makes it crash at once."
    returned = roundtrip.there_and_back(texts, roundtrip.PIVOTS[0])

    assert [bool(text) for text in returned] == [n != 4 for n in range(9)]


def test_missing_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language pair that is not installed is answered with what to install."""
    monkeypatch.setattr(roundtrip, "installed_pairs", frozenset)
    with pytest.raises(DetectorError) as caught:
        roundtrip.there_and_back(["One."], roundtrip.PIVOTS[0])

    assert "apt-get install" in caught.value.hint
