"""A story that everybody prints: what is counted, and that the first prints are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from needed import needs_thesauri

from training import wire

# Each paragraph has names of its own, so that what is found by is found in all prints alike.
STORY = "\n\n".join(
    f"The {what} of {place} was {how} on Monday, said {who}, who has led the {office} for years. "
    f"Nobody in {place} had expected that the {what} would be {how} before the {event}, and the "
    f"{office} now has to find {cost} crowns to answer for it."
    for what, place, how, who, office, event, cost in (
        ("lighthouse", "Skarholm", "darkened", "Solveig Brandt", "pilotage", "regatta", 4100),
        ("quarry", "Ashdown", "flooded", "Gwen Pritchard", "guild", "harvest", 872),
        ("viaduct", "Lindau", "barricaded", "Jonas Egger", "prefecture", "festival", 96_000),
        ("orchard", "Wendle", "fenced", "Maud Tarrant", "cooperative", "auction", 53),
        ("observatory", "Tornvik", "dismantled", "Anders Rolvsen", "academy", "eclipse", 7700),
        ("cannery", "Sorrel", "mortgaged", "Beatrix Okonjo", "syndicate", "regulation", 610),
    )
)


def test_each_paper_prints_the_story_its_own_way() -> None:
    """No two records are alike, times ascend, and rewrites come last."""
    found = list(wire.records(STORY, 30, ["One rewrite."]))

    assert len({record["text"] for record in found}) == 31
    assert [record["date"] for record in found] == sorted({record["date"] for record in found})
    assert found[-1]["id"] == "farm0"
    assert all(STORY.split("\n\n")[0] in record["text"] for record in found[:-1])


def test_prints_and_rewrites_are_traced_to_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By real runs: of more papers than a term may be looked up in, nearly all have a source."""
    needs_thesauri()
    monkeypatch.setattr(wire, "story", lambda texts: STORY)
    found = wire.wire([], 1100, 5, tmp_path)

    assert found["prints"] == 1100
    assert found["without_source"] <= 1
    assert found["from_the_first"] >= 1090
    assert found["rewrites_from_the_first"] == found["rewrites"] == 5
    assert found["candidates_an_article"] <= 10
