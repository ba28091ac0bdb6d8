"""Originals and their keys, and what models' replies are freed of before they count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.readers import outputs, records

BRIDGE = (
    "The town council voted on Tuesday to close the old footbridge over the Wendle after "
    "engineers found deep cracks in two of its piers. Shopkeepers on the east bank expect to "
    "lose customers, and a ferry will carry people to the market every hour until a new "
    "crossing is built, which may take as long as three years and cost four million."
)
BRIDGE_RETOLD = (
    "Deep cracks discovered by engineers in a pair of piers have led the town council to shut "
    "the old footbridge across the Wendle. Traders on the east bank fear losing customers, while "
    "an hourly ferry is going to take people to market until another crossing stands, a project "
    "that could last three years and swallow four million."
)
BAKERY = (
    "A bakery in Tolsworth has won the county prize for rye bread for the third year running. "
    "Its owner, Petra Almgren, keeps a sourdough that her grandmother began and feeds it twice a "
    "day. Judges praised the crust, the crumb and the faint taste of caraway seeds in the loaf."
)
SHORT = "The bridge is shut."


# ---- records


@given(st.text(max_size=400))
def test_tidy_is_idempotent(text: str) -> None:
    """Tidying twice is tidying once, and leaves no blank line but one between paragraphs."""
    once = records.tidy(text)

    assert records.tidy(once) == once
    assert "\n\n\n" not in once


def test_keys_see_words_only() -> None:
    """Case, punctuation and whatever follows the first words do not change an original's key."""
    assert records.key_of(BRIDGE) == records.key_of(BRIDGE.upper().replace(" ", "  ") + " More.")
    assert records.key_of(BRIDGE) != records.key_of(BAKERY)


def test_measures_of_a_pair() -> None:
    """Shared wording and kept matter are 1 for a text and itself, and low for another."""
    assert records.shared(BRIDGE, BRIDGE) == records.kept(BRIDGE, BRIDGE) == 1
    assert records.shared(BAKERY, BRIDGE) == 0
    assert records.kept(BAKERY, BRIDGE) < 0.2 < records.kept(BRIDGE_RETOLD, BRIDGE)
    assert records.shared("", BRIDGE) == records.kept(BRIDGE, "") == 0


# ---- replies of language models


@pytest.mark.parametrize(
    "reply",
    [
        f"Here is a paraphrased version:\n\n{BRIDGE}",
        f"Sure! Here's the rewritten text:\n{BRIDGE}",
        f'"{BRIDGE}"',
        f"**{BRIDGE}**",
        f"Rewritten article: {BRIDGE}",
        f"{BRIDGE}\n\nNote: I kept the figures.",
        f"{BRIDGE}\n\nI made the following changes:\n1. None",
        f"The polished version is as follows:\n{BRIDGE}",
    ],
)
def test_wrapping_goes(reply: str) -> None:
    """Meta lines, labels, marks around the whole and afterwords are taken off, nothing else."""
    assert outputs.unwrapped(reply) == BRIDGE


@pytest.mark.parametrize(
    "announced",
    ["Here's a revised version:", "Rewritten passage:", "The paraphrased text reads as follows:"],
)
def test_what_stands_before_the_rewrite_goes(announced: str) -> None:
    """A reply that repeats the passage, or talks, and announces the rewrite half way, is cut."""
    assert outputs.unwrapped(f"{BAKERY}\n\n{announced}\n\n{BRIDGE}") == BRIDGE


def test_an_announcement_that_nothing_follows_is_no_beginning() -> None:
    """Where too little follows to be a rewrite, the text in front of it stays."""
    assert outputs.unwrapped(f"{BRIDGE}\n\nHere is a revised version: {SHORT}").startswith(BRIDGE)


def test_texts_that_speak_of_the_task_are_told() -> None:
    """Talk about the passage is talk about the task, unless the source talks so, or of a law."""
    talk = f"{BRIDGE} The passage suggests that a ferry will run."

    assert outputs.speaks_of_the_task(talk, BRIDGE)
    assert not outputs.speaks_of_the_task(talk, talk)
    assert not outputs.speaks_of_the_task(f"{BRIDGE} Since the passage of the bill ...", BRIDGE)
    assert not outputs.speaks_of_the_task(BRIDGE, BRIDGE)


def test_colons_of_the_text_stay() -> None:
    """A text that only looks a little like a meta line is left alone."""
    text = f"Here is what the council decided on Tuesday, to nobody's surprise. {BRIDGE}"

    assert outputs.unwrapped(text) == text


@pytest.mark.parametrize(
    "reply",
    [
        "I apologize, but I cannot rewrite this text.",
        "As an AI language model, I have no opinion on bridges.",
        "The given text has several grammatical errors, which I list below.",
    ],
)
def test_refusals_are_known(reply: str) -> None:
    """Refusals and talk about the task are no rewrites."""
    assert outputs.is_reply_about(reply)
    assert not outputs.is_reply_about(BRIDGE_RETOLD)


def test_sound_rewrites_only() -> None:
    """A rewrite is long enough, of like length, of the same matter, and changed."""
    assert outputs.is_rewrite(BRIDGE_RETOLD, BRIDGE)
    assert not outputs.is_rewrite(BRIDGE, BRIDGE)
    assert not outputs.is_rewrite(BAKERY, BRIDGE)
    assert not outputs.is_rewrite(SHORT, BRIDGE)
    assert not outputs.is_rewrite(BRIDGE_RETOLD * 4, BRIDGE)
