"""Style: what each family counts, and that neither case nor length of lines moves it."""

from __future__ import annotations

from math import isnan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detector.features.profile import Profile, profile
from detector.features.registry import Feature
from detector.features.rhythm import (
    RHYTHM,
    and_opening_share,
    burstiness,
    comma_rate,
    connective_opening_share,
    opening_variety,
    participial_tail_rate,
    quoted_share,
    sentence_length_mean,
    serial_comma_rate,
)
from detector.features.stylometry import (
    STYLOMETRY,
    adverb_rate,
    british_share,
    connective_rate,
    contraction_rate,
    machine_word_rate,
    passive_rate,
    possessive_rate,
    rare_word_share,
    said_share,
    unknown_word_share,
    unseen_common_pair_share,
    unseen_pair_share,
)
from detector.features.traits import MACHINE_WORDS, REPORTING, SAID, Trait, traits
from detector.records import Article
from detector.segment import segment

PLAIN = (
    "The council of Port Ellery said on Tuesday that it would not raise the fee for boats this "
    "year. The mayor told reporters that the city had more money than it needed. But the people "
    "who work there want the vote to be held again, and they say that they will go to court."
)
# The same report with words exchanged one by one, as a spinner does.
SPUN = (
    "The council of Port Ellery expressed on Tuesday that it would not elevate the charge for "
    "boats this twelvemonth. The mayor narrated reporters that the urban had more cash than it "
    "desired. But the persons who labor there wish the ballot to be clutched anew, and they "
    "utter that they will travel to tribunal."
)
ALL = (*RHYTHM, *STYLOMETRY)

_PIECES = (
    "the harbour board's colour color don't it's we said stated moreover In addition delve was "
    "taken quickly organisation 1,400 3.5% Quill “never,” , . ! ? ; : ( ) — - , highlighting "
    "café İ 'tis perhaps could utilise zzxq but And"
)
pieces = st.sampled_from(_PIECES.split())
texts = st.one_of(
    st.lists(pieces, max_size=120).map(" ".join),
    st.lists(st.lists(pieces, min_size=1, max_size=30).map(" ".join), max_size=6).map("\n\n".join),
    st.text(max_size=60),
)


def of(text: str) -> Profile:
    """Give the profile of a text."""
    return profile(segment(Article(id="a", text=text.strip())))


@pytest.mark.parametrize("measured", ALL, ids=lambda f: f.name)
@settings(max_examples=50)
@example(text=PLAIN)
@example(text="")
@given(text=texts)
def test_style_stays_in_its_declared_range(measured: Feature[Profile], text: str) -> None:
    """A feature of style never leaves the range its declaration promises."""
    value = measured(of(text))

    assert isnan(value) or measured.low <= value <= measured.high


@pytest.mark.parametrize("measured", ALL, ids=lambda f: f.name)
def test_style_says_nothing_of_no_words(measured: Feature[Profile]) -> None:
    """Without words there is no style to measure."""
    assert isnan(measured(of("")))


@pytest.mark.parametrize("measured", STYLOMETRY, ids=lambda f: f.name)
@settings(max_examples=30)
@example(words=PLAIN.replace(".", "").split())
@given(words=st.lists(st.sampled_from(PLAIN.replace(".", "").split()), min_size=1, max_size=60))
def test_case_changes_nothing(measured: Feature[Profile], words: list[str]) -> None:
    """The same sentence in capitals, or without any, has the same style."""
    text = " ".join(words)
    values = [measured(of(version)) for version in (text, text.lower(), text.upper())]

    assert values == pytest.approx([values[0]] * 3, nan_ok=True)


def test_spinning_shows_in_the_company_words_keep() -> None:
    """Words exchanged one by one stand beside words that they never met."""
    plain, spun = of(PLAIN), of(SPUN)

    assert unseen_common_pair_share(spun) > unseen_common_pair_share(plain) + 0.05
    assert unseen_pair_share(spun) > unseen_pair_share(plain) + 0.15
    assert rare_word_share(spun) > rare_word_share(plain)
    assert said_share(plain) > said_share(spun)


def test_even_sentences_are_not_bursty() -> None:
    """Sentences of one length have no burstiness; a short one among them makes some."""
    even = "One two three four five six. " * 5

    assert burstiness(of(even)) == 0
    assert burstiness(of(even + "No way.")) > 0.2
    assert sentence_length_mean(of(even)) == 6


@pytest.mark.parametrize(
    ("measured", "text", "value"),
    [
        (comma_rate, "It paid 1,400 crowns, or less, a day.", 1000 * 2 / 8),
        (serial_comma_rate, "Rope, nets, and oil were lost here today, we hear.", 1000 / 10),
        (contraction_rate, "We don't know what it's worth, Quill's aide said.", 1000 * 2 / 9),
        (possessive_rate, "We don't know what it's worth, Quill's aide said.", 1000 / 9),
        (passive_rate, "The boat was later sold and it is blue here.", 1000 / 10),
        (adverb_rate, "The family quickly and quietly left in July only.", 1000 * 2 / 9),
        (connective_rate, "Moreover, it sank. In addition, nobody came.", 1000 * 2 / 7),
        (machine_word_rate, "They delve into it amidst the storm.", 1000 * 2 / 7),
        (participial_tail_rate, "It rose, highlighting need. It fell, according to her.", 0.5),
        (connective_opening_share, "However, it sank. In addition, he left. So be it.", 2 / 3),
        (and_opening_share, "But it sank. And he left. They stayed on. So be it.", 3 / 4),
        (said_share, "He said no. She stated yes. They say so. It was remarked.", 2 / 4),
        (british_share, "The colour of the harbour and the color of the theater.", 1 / 2),
        (unknown_word_share, "The zxqvy of the brlfp is here.", 2 / 7),
        (quoted_share, 'He said "no way" once.', 6 / 22),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_measure_counts_what_it_says(measured: Feature[Profile], text: str, value: float) -> None:
    """A small text gives the value that one can count by hand."""
    assert measured(of(text)) == pytest.approx(value)


def test_openings_need_ten_sentences() -> None:
    """Variety of openings is told of the first ten sentences or not at all."""
    ten = [f"{word} came home." for word in [*"ABCDEF", "He", "He", "He", "He"]]

    assert opening_variety(of(" ".join(ten))) == 7 / 10
    assert opening_variety(of(" ".join([*ten, "Zeno left."]))) == 7 / 10
    assert isnan(opening_variety(of(" ".join(ten[:9]))))


def test_pairs_across_sentences_do_not_count() -> None:
    """The last word of a sentence and the first of the next are no neighbours."""
    within = of("Boats came. Crews went home.").within

    assert within.tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("word", "trait"),
    [
        ("the", Trait.FUNCTION | Trait.ARTICLE),
        ("1,400", Trait.NUMBER),
        ("don't", Trait.FUNCTION | Trait.CONTRACTION),
        ("quill's", Trait.POSSESSIVE),
        ("taken", Trait.PARTICIPLE),
        ("sold", Trait.PARTICIPLE),
        ("organisation", Trait.NOMINAL | Trait.BRITISH),
        ("organization", Trait.NOMINAL | Trait.AMERICAN),
        ("quickly", Trait.ADVERB),
        ("family", Trait(0)),
        ("zxqvy", Trait.UNKNOWN),
        ("dialogue", Trait(0)),
    ],
)
def test_traits_are_the_classes_of_a_word(word: str, trait: Trait) -> None:
    """A word has the traits that its list, form and spelling give it, and no other."""
    assert Trait(traits(word)) == trait


def test_word_lists_are_words() -> None:
    """The curated lists hold lower-case words as the segmenter gives them."""
    for word in MACHINE_WORDS | REPORTING | SAID:
        assert segment(Article(id="a", text=word)).words == (word,)
