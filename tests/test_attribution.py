"""Promises of `detector.attribution`."""

from __future__ import annotations

import pytest

from detector.attribution import is_credited

FILLER = "The ferry left at noon and came back at four with thirty people on board. " * 12


@pytest.mark.parametrize(
    "text",
    [
        "HOLM (Harbour Times) - The ferry left at noon. " + FILLER,
        FILLER + "This article first appeared in the Harbour Times.",
        FILLER + "Originally published on harbourtimes.example. " + FILLER,
        FILLER + "\n\nRead the full story at www.harbourtimes.example",
        FILLER + "Republished under licence from Harbour-Times. " + FILLER,
    ],
)
def test_a_credit_is_found_where_credits_stand(text: str) -> None:
    """A dateline, a last line and a sentence about publishing credit the source."""
    assert is_credited("harbourtimes.example", text)


@pytest.mark.parametrize(
    "text",
    [
        FILLER + FILLER,
        FILLER + "She told the Harbour Times that it had been calm. " + FILLER,
        FILLER + "This article first appeared in the Isle Courier. " + FILLER,
        "",
    ],
)
def test_a_name_in_passing_is_no_credit(text: str) -> None:
    """A text that merely mentions the source, or credits another, does not credit it."""
    assert not is_credited("harbourtimes.example", text)


def test_agencies_are_known_by_their_names() -> None:
    """An agency is credited by its name, whatever its domain."""
    assert is_credited("apnews.com", "OSLO (AP) - " + FILLER)
    assert not is_credited("apnews.com", "OSLO (Reuters) - " + FILLER)


def test_a_common_word_is_no_name() -> None:
    """A site named like a word is credited by the name, not by the word."""
    assert not is_credited("time.com", FILLER + "All this was published in good time.")
    assert is_credited("time.com", FILLER + "First published in Time.")


def test_without_a_site_nothing_is_credited() -> None:
    """A source whose site is unknown cannot be credited."""
    assert not is_credited("", FILLER)
