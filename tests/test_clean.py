"""Tests of detector.clean."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.clean import MIN_WORDS, clean, unfit
from detector.clean.boilerplate import is_boilerplate
from detector.clean.characters import fold
from detector.clean.spacing import paragraphs_of
from detector.records import Article

GOLDEN = sorted((Path(__file__).parent / "golden" / "clean").glob("*.txt"))

PIECES = st.sampled_from(
    [
        "ferry", "The", "don't", "n't", "'s", "5", "%", "$", "a", "А", "ferгy", "café", "Title: x",
        "Advertisement", "By Ada Quill", "Related:", "Here is a rewritten version of the text:",
        "Share this", "(AP Photo/Ada Quill)", "-", "--", "–", "—", "*", "**", "# ", "``", "''", '"',
        "“", "”", "‘", "’", "`", "'", "…", ".", ". ", " .", ",", "!", "?", ":", ";", "(", ")", "[",
        "]", "&amp;", "&", "amp;", "&#8217;", "â€™", "â€", "Ã©", "Ã", "©", "Â ", "Õ", "Ò", "Ó", "ﬁ",
        "ｆ", "\u200b", "\u00ad", "\u202e", "\ufeff", "\u00a0", "\u2028", "\x92", "\x85", "\x00",
        "\ufffd", "e\u0301", "thé", "ậ", "a\u0335", "bý of tö it", "\t", " ", " ", " ",
        " ", "\n", "\n", "\r\n", "\r", "\n\n", "que el barco no sale de la bahía",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


def article(text: str, title: str = "", lang: str = "und") -> Article:
    """Return an article of that text."""
    return Article(id="a", text=text, title=title, lang=lang)


def golden_parts(path: Path) -> tuple[str, str, str]:
    """Return title, text and cleaned text of a golden case."""
    _, title, text, cleaned = path.read_text(encoding="utf-8").split("=== ")
    return tuple(part.partition("\n")[2].strip("\n") for part in (title, text, cleaned))  # type: ignore[return-value]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_cases(path: Path) -> None:
    """Each golden case is cleaned as its file says."""
    title, text, cleaned = golden_parts(path)

    assert clean(article(text, title)).text == cleaned


@given(TEXTS, TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str, title: str) -> None:
    """A clean article stays as it is."""
    once = clean(article(text, title))

    assert clean(once) == once


@given(TEXTS)
def test_clean_text_has_one_form(text: str) -> None:
    """Clean text is NFC, has no invisible character, and one blank line between paragraphs."""
    cleaned = clean(article(text)).text

    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Co"} for c in cleaned if c != "\n")
    assert cleaned == cleaned.strip()
    assert all(p == p.strip() and "\n" not in p and p for p in cleaned.split("\n\n") if cleaned)


@given(TEXTS)
def test_folding_and_spacing_rest(text: str) -> None:
    """Folding a folded text and dividing divided paragraphs change nothing."""
    folded = fold(text)
    paragraphs = paragraphs_of(folded)

    assert fold(folded) == folded
    assert paragraphs_of("\n\n".join(paragraphs)) == paragraphs


def test_nothing_but_text_title_and_language_changes() -> None:
    """Cleaning keeps the identity, the origin and the times of an article."""
    before = Article(
        id="7",
        text="  The ferry  sank. ",
        title="“Sunk”",
        url="https://x.example/1",
        site="x.example",
    )

    after = clean(before)
    assert after == replace(before, text="The ferry sank.", title='"Sunk"', lang=after.lang)


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement Continue reading the main story",
        "Send this to a friend",
        "Share this article Facebook Twitter Email",
        "Full coverage: The last ferry",
        "(Reporting by Ada Quill in Port Ames; Additional reporting by Rhea Calloway)",
        "By ADA QUILL",
        "— Ada Quill",
        "Additional reporting by Tom Brisk",
        "Ada Quill and Tom Brisk contributed to this report.",
        "This story was updated at 4:15 p.m.",
        "Posted on February 7, 2013",
        "3 hours ago",
        "© 2019 Harbour Falls Courier",
        "Photo by Ada Quill/Getty Images",
        "The ferry leaves Sorrel on Sunday. REUTERS/Ada Quill",
        "The pilot's widow waits. | Ada Quill/AFP",
        "Slideshow (12 images)",
        "2 Comments",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Get the Courier's stories delivered to your inbox",
        "Read or Share this story: https://x.example/2",
        "https://x.example/3",
        "* * *",
        "Editor's note: The name of the boat has been corrected.",
    ],
)
def test_boilerplate_lines(line: str) -> None:
    """Credits, buttons, bylines, stamps, agency notes and sign-ups are boilerplate."""
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The ferry sank.",
        "No comment, she said.",
        "The opinions expressed by the islanders were not printable.",
        '"Nothing is left," he said.',
        "It was first sold to Getty Images.",
        "Also in his luggage: two charts and a lamp.",
        "In 2016 the fare was $3.",
        "12 (2008 est.)",
        "The news desk in Port Ames had 12 telephones and 3 chairs.",
    ],
)
def test_sentences_are_no_boilerplate(line: str) -> None:
    """Short sentences are left alone."""
    assert not is_boilerplate(line)


def test_a_foreign_line_is_no_part_of_an_english_text() -> None:
    """It goes wherever it stands; a text that is half in another language keeps all of it."""
    english = "The ferry to Sorrel stops at the end of the month, the mayor said on Tuesday."
    spanish = "El transbordador de la isla dejará de navegar a fin de mes, dijo la alcaldesa."

    assert clean(article(f"{spanish}\n\n{english}\n\n{english[:-1]} again.")).text == (
        f"{english}\n\n{english[:-1]} again."
    )
    for mixed in (f"{english}\n\n{spanish}", f"{spanish}\n\n{spanish[:-1]} otra vez."):
        assert clean(article(mixed)).text == mixed


def test_article_of_boilerplate_alone_is_empty() -> None:
    """Where nothing but boilerplate stands, no text is left, and the reason says so."""
    cleaned = clean(article("Advertisement\n\nLeave a Reply\n\n2 Comments"))

    assert cleaned.text == ""
    assert unfit(cleaned) == "no_text"


SENTENCE = "The ferry to Sorrel made its last crossing on Sunday. "
SPANISH = "El transbordador hizo su último viaje a la isla el domingo por la tarde. "


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_text"),
        ("* * *", "no_text"),
        (SENTENCE, "fewer_than_40_words"),
        (SENTENCE * 4, None),
        (SENTENCE.upper() * 4, None),
        (SPANISH * 4, "not_english"),
        (
            "この港と島を1911年から結ぶ渡し船は、今月末で運航を終えると市長が述べた。" * 5,
            "not_english",
        ),
        ("Tern 12 14 9 33 7 Gull 8 4 11 2 91 " * 8, "not_prose"),
    ],
)
def test_unfit_says_why(text: str, reason: str | None) -> None:
    """The reason names what is wrong: no text, too short, numbers only, another language."""
    assert unfit(clean(article(text))) == reason


def test_forty_words_are_enough() -> None:
    """The shortest article that is judged has forty words."""
    words = ("the pier of Sorrel was closed " * 7).split()

    assert unfit(clean(article(" ".join(words[:MIN_WORDS])))) is None
    assert unfit(clean(article(" ".join(words[: MIN_WORDS - 1])))) == "fewer_than_40_words"


@pytest.mark.parametrize(
    "row",
    [
        "&", "&am", "â€", "Ò", "Ã©", "аb", "` ", "'' ", "- ", ". ", '" ', " .", "( ", "**a", "# ",
        "\n ", " \n", "By A ", "share ", "reporting by ", "READ: ", "(photo ", "| AP ", "here is ",
        "sign up ", "a/AP", "REUTERS/A ", "©", "— A", "1:2", "\u200b", "related: ",
    ],
)  # fmt: skip
def test_hostile_rows_take_linear_time(row: str) -> None:
    """A hundred thousand characters of the same few take less than two seconds."""
    text = row * (100_000 // len(row))

    begin = time.process_time()
    clean(article(text))
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\u00c3\x81vila", "Ávila"),
        ("\u00c3¢\u00e2‚¬\u00e2„¢tis", "'tis"),
        ("\u00f0€€€", "\u00f0€€€"),
        ("CAFÉ”", 'CAFÉ"'),
        ("São Paulo’s Ão", "São Paulo's Ão"),
        ("Αθήνα and Москва", "Αθήνα and Москва"),
        ("the bоոfire in Երևան", "the bonfire in Երևան"),
        ("a b\u0335ridge\u0489, a \U000e0101pier", "a bridge, a pier"),
    ],
)
def test_only_what_was_misread_is_read_again(text: str, folded: str) -> None:
    """Wrongly decoded letters are mended, rightly decoded ones are left alone."""
    assert fold(text) == folded


def test_a_mended_dash_can_complete_a_misread_letter() -> None:
    """What spacing uncovers is folded again, so that a second cleaning finds nothing to do."""
    assert clean(article("3 \u00c3-- 4")).text == "3 × 4"


STORY = (
    "The bridge closes on Monday and the ferry takes its place, said the harbour master in Sorrel, "
    "who will not name a day when it opens again or say what the work is going to cost."
)


@pytest.mark.parametrize("marks", ["\u0323", "\u0335", "\u0489", "\u0301", "\u0308\u0323"])
def test_marks_on_letters_do_not_disguise_a_text(marks: str) -> None:
    """An English text whose every other word has marks on its letters is spelt without them."""
    disguised = " ".join(
        word if i % 2 else "".join(c + marks if c.isalpha() else c for c in word)
        for i, word in enumerate(STORY.split())
    )

    assert clean(article(disguised)).text == STORY


@pytest.mark.parametrize(
    "text",
    [
        "The café in Orléans, where Zoe Brandt has served breakfast for years, closes on Monday "
        "with the ferry and the bridge, and the mayor said that he would miss it more than most.",
        "Le conseil a décidé de fermer le pont dès lundi, après des années de débats où chacun, "
        "même le maire, était resté sur ses positions à propos du coût de la réparation.",
    ],
)
def test_honest_accents_stay(text: str) -> None:
    """Accents of names, and those of other languages, are kept."""
    assert clean(article(text)).text == text
