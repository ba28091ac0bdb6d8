"""What is left of a suspect when what was copied or brought along is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features.comparison import Comparison
from detector.passages import LEAST_PART, Part, rewritten_part, rewritten_passages
from detector.pipeline import Question, prepare, put_side_by_side
from detector.records import Article

SOURCE = """\
The ferry between Skarholm and Tornvik stopped on Monday after divers found a crack in its hull. \
Some 340 commuters were left on the quay, and the company offered them buses around the fjord.

Harbour master Ingrid Solberg said the vessel would be lifted into the dry dock within a week. \
Repairs may cost two million crowns, which the county has not set aside.

The council of Tornvik wants a second boat before winter. Its members voted for a loan on \
Thursday, against the advice of their own treasurer.

Fishermen, who bring their catch across by the early ferry, have begun to sell it on the island."""
REWRITE = """\
The boat linking Skarholm and Tornvik halted on Monday once divers discovered a fissure in its \
body. About 340 travellers were stranded on the pier, and the firm provided them coaches round the \
fjord.

Harbour chief Ingrid Solberg stated the ship would be raised into the dry dock inside a week. \
Fixes might cost two million crowns, that the county has not put aside."""
FOREIGN = """\
A choir of retired miners has won the spring contest in Lindau with a song about a lost canary. \
The jury praised the basses. Nobody had expected them to get beyond the first round this year."""
NOTES = "Copyright of the Harrow Valley Courier. All rights kept by the owners of the paper."


def compared(suspect: str, source: str = SOURCE) -> Comparison:
    """Put two texts side by side."""
    asked = Question("", prepare(Article("a", suspect)), prepare(Article("b", source)))
    found = put_side_by_side(asked)
    assert isinstance(found, Comparison)
    return found


def test_one_edited_paragraph_of_a_copy_is_no_rewritten_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is less than a third of all that derives from the source does not speak for it."""
    case = Path(__file__).parent / "golden" / "pairs" / "copy_one_paragraph_edited"
    edited = compared(
        *((case / f"{side}.txt").read_text("utf-8") for side in ("suspect", "source"))
    )

    assert rewritten_part(edited) is None
    monkeypatch.setattr("detector.passages.LEAST_PART", 0)
    part = rewritten_part(edited)
    assert part is not None
    assert len(part.comparison.ours) < LEAST_PART * edited.alignment.coverage * len(edited.ours)


def text_of(part: Part) -> str:
    """Give the text that was judged."""
    return part.comparison.suspect.text


def paragraphs(text: str) -> list[str]:
    """Cut a text at its blank lines."""
    return text.split("\n\n")


def sentences(text: str) -> list[str]:
    """Cut a text at its full stops."""
    return text.replace("\n\n", " ").removesuffix(".").split(". ")


DILUTED = {
    "another article before it": f"{FOREIGN}\n\n{REWRITE}",
    "another article within it": f"\n\n{FOREIGN}\n\n".join(paragraphs(REWRITE)),
    "a note in its last paragraph": f"{REWRITE} {NOTES}",
    "a note in its first paragraph": f"{NOTES} {REWRITE}",
    "a paragraph of the source": f"{REWRITE}\n\n{paragraphs(SOURCE)[2]}",
}


@pytest.mark.parametrize("suspect", DILUTED.values(), ids=DILUTED)
def test_a_diluted_rewrite_is_found_whole(suspect: str) -> None:
    """What was added goes, and nothing of the rewrite does."""
    part = rewritten_part(compared(suspect))

    assert part is not None
    assert text_of(part) == REWRITE


@pytest.mark.parametrize("suspect", DILUTED.values(), ids=DILUTED)
def test_the_places_are_the_whole_suspects(suspect: str) -> None:
    """Spans show the judged sentences where they stand on the page."""
    whole = compared(suspect)
    part = rewritten_part(whole)

    assert part is not None
    shown = [whole.suspect.text[a:b] for a, b in part.spans]
    assert " ".join(shown).split() == REWRITE.split()
    reason = part.reason(of=len(whole.ours))
    assert (reason.kind, reason.suspect) == ("judged_part", part.spans)
    assert f"{len(REWRITE.split())} of {len(whole.ours)} words" in reason.text


SHUFFLED = {
    "paragraphs": ("\n\n".join(paragraphs(REWRITE)[::-1]), REWRITE),
    "sentences of one paragraph": (
        ". ".join(sentences(REWRITE)[::-1]) + ".",
        REWRITE.replace("\n\n", " "),
    ),
}


@pytest.mark.parametrize(("suspect", "restored"), SHUFFLED.values(), ids=SHUFFLED)
def test_a_shuffled_rewrite_is_put_back_into_order(suspect: str, restored: str) -> None:
    """The part has the source's order; its places are those of the suspect, and it says so."""
    whole = compared(suspect)
    part = rewritten_part(whole)

    assert part is not None
    assert text_of(part) == restored
    assert list(part.spans) == sorted(part.spans)
    assert part.reason(of=len(whole.ours)).text.endswith("put back into its order.")


def test_a_source_that_was_shuffled_is_none() -> None:
    """Paragraphs that stand in the source word for word are a copy in every order."""
    assert rewritten_part(compared("\n\n".join(paragraphs(SOURCE)[::-1]))) is None


def test_a_rewrite_has_no_part() -> None:
    """What is all of the suspect has been judged already."""
    assert rewritten_part(compared(REWRITE)) is None


@pytest.mark.parametrize("suspect", [SOURCE, "\n\n".join(paragraphs(SOURCE)[:2])])
def test_a_copy_and_an_excerpt_have_no_part(suspect: str) -> None:
    """Where every paragraph stands in the source word for word, nothing was rewritten."""
    assert rewritten_part(compared(suspect)) is None


def test_what_has_nothing_to_do_with_the_source_has_no_part() -> None:
    """Another article was not rewritten from this one."""
    assert rewritten_part(compared(f"{FOREIGN} {NOTES} {FOREIGN.replace('choir', 'band')}")) is None


def test_too_few_words_are_not_judged() -> None:
    """One rewritten sentence among paragraphs of the source is no part."""
    first = REWRITE.split(". ", maxsplit=1)[0] + "."
    assert rewritten_part(compared("\n\n".join([first, *paragraphs(SOURCE)[1:]]))) is None


def test_a_sentence_of_ones_own_stays_between_two_that_derive() -> None:
    """A rewriter adds a remark; only longer stretches were brought along."""
    before, after = paragraphs(REWRITE)
    remark = "Nobody had seen it coming."
    part = rewritten_part(compared(f"{before} {remark} {after}\n\n{FOREIGN}"))

    assert part is not None
    assert remark in text_of(part)


BLOCKS = (*paragraphs(SOURCE), *paragraphs(REWRITE), FOREIGN, NOTES)


@given(st.lists(st.sampled_from(BLOCKS), min_size=3, max_size=8, unique=True))
def test_passages_are_sentences_of_the_suspect_in_order(blocks: list[str]) -> None:
    """Every sentence stands in one passage at most, in the suspect's order, in one paragraph."""
    whole = compared("\n\n".join(blocks))
    segments = whole.alignment.pair.suspect
    passages = rewritten_passages(whole)
    flat = [i for passage in passages for i in passage]

    assert flat == sorted(set(flat))
    for passage in passages:
        first, last = segments.sentences[passage[0]], segments.sentences[passage[-1]]
        assert any(a <= first[0] and last[1] <= b for a, b in segments.paragraphs)
