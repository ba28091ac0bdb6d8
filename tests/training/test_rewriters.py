"""What each rewriter promises about the text that it gives back."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from needed import needs_thesauri

from detector.errors import DetectorError
from training.readers.records import shared, words
from training.rewriters import (
    copyedit,
    excerpts,
    inflection,
    mixtures,
    parts,
    prose,
    sentences,
    spinner,
    spintax,
    thesaurus,
)
from training.rewriters.thesaurus import Sense, Thesaurus

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
TINY = Thesaurus(
    "tiny",
    {
        "bridge": (Sense("noun", ("span",), ("structure",)),),
        "close": (Sense("verb", ("shut",)),),
        "customer": (Sense("noun", ("client",)),),
        "promise": (Sense("verb", ("assure",), ("declare",)),),
        "patient": (Sense("noun", ("invalid",)), Sense("adj", ("calm",))),
        "crack": (Sense("noun", ("fissure",)),),
        "council": (Sense("noun", ("board",)),),
        "lose": (Sense("verb", ("miss",)),),
        "whitlock": (Sense("noun", ("ingot",)),),
    },
)
EVERY = spinner.Manner(rate=1.0)
seeds = st.integers(0, 10_000).map(random.Random)


# ---- prose


def test_sentences_go_back_together() -> None:
    """Taking a text apart to sentences and putting it together changes nothing."""
    assert prose.from_sentences(prose.sentence_lists(STORY)) == STORY


@given(st.integers(1, 140))
def test_cut_keeps_a_beginning(most: int) -> None:
    """A cut text is a beginning of whole sentences, no longer than asked unless one sentence is."""
    cut = prose.cut_to(STORY, most)

    assert cut
    assert STORY.startswith(cut)
    assert prose.count_words(cut) <= max(most, 21)


# ---- spinning


def test_spinner_bends_and_keeps() -> None:
    """A careful spinner bends its replacements, and leaves names and quotations alone."""
    spun = spinner.spin(STORY, TINY, EVERY, random.Random(1))

    assert "lose clients" not in spun
    assert "miss clients" in spun
    assert "deep fissures" in spun
    assert "who had assured to save the span" in spun
    assert "Mayor Dana Whitlock" in spun
    assert '"We looked at every repair and could not afford one,"' in spun


def test_careless_spinner() -> None:
    """A careless spinner bends nothing and spins names and quotations too."""
    how = spinner.Manner(rate=1.0, sense=False, inflect=False, protect=False)
    spun = spinner.spin('"Bridges close," said Dana Whitlock.', TINY, how, random.Random(3))

    assert re.fullmatch(r'"(?:Span|Structure) shut," said Dana Ingot\.', spun)


def test_sense_follows_the_neighbour() -> None:
    """With sense choice, the word before decides between noun and verb."""
    lists = Thesaurus("two", {"close": (Sense("noun", ("end",)), Sense("verb", ("shut",)))})
    rng = random.Random(1)

    assert spinner.synonym("close", lists, EVERY, "to", rng) == "shut"
    assert spinner.synonym("close", lists, EVERY, "the", rng) == "end"


@given(seeds, st.sampled_from(spinner.RATES))
def test_spinner_keeps_the_frame(rng: random.Random, rate: float) -> None:
    """Whatever the rate, figures, paragraphs and the number of sentences stay."""
    spun = spinner.spin(STORY, TINY, spinner.Manner(rate), rng)

    assert re.findall(r"\d+", spun) == re.findall(r"\d+", STORY)
    assert [len(s) for s in prose.sentence_lists(spun)] == [
        len(s) for s in prose.sentence_lists(STORY)
    ]


def test_spinner_at_rate_zero() -> None:
    """A spinner told to change nothing changes nothing."""
    assert spinner.spin(STORY, TINY, spinner.Manner(0.0), random.Random(1)) == STORY


@pytest.mark.parametrize("name", ["mythes", "wordnet"])
def test_real_thesauri(name: str) -> None:
    """Both thesauri know common words and change more at a higher rate."""
    needs_thesauri()
    lists = getattr(thesaurus, name)()
    few, many = (
        shared(spinner.spin(STORY, lists, spinner.Manner(rate), random.Random(2)), STORY)
        for rate in (0.1, 0.9)
    )

    assert {s.pos for s in lists.of("close")} == {"noun", "verb", "adj", "adv"}
    assert "client" in {w for s in lists.of("customer") for w in s.synonyms}
    assert many < 0.5 < few


def test_missing_thesauri(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """A thesaurus that is not installed is named with the package that has it."""
    monkeypatch.setattr(thesaurus, "MYTHES", thesaurus.Path("/nowhere/th.dat"))
    monkeypatch.setattr(thesaurus, "WORDNET", thesaurus.Path("/nowhere"))
    with pytest.raises(DetectorError) as mythes:
        thesaurus.mythes.__wrapped__()
    with pytest.raises(DetectorError) as wordnet:
        thesaurus.wordnet.__wrapped__()

    assert "mythes-en-us" in mythes.value.hint
    assert "wordnet-base" in wordnet.value.hint


def test_mythes_rows() -> None:
    """A row's plain words are synonyms, its broader ones loose, its antonyms nothing."""
    sense = thesaurus._mythes_sense("(adj)|shut|barred (similar term)|open (antonym)", "closed")

    assert sense == Sense("adj", ("shut",), ("barred",))
    assert thesaurus._mythes_sense("(adj)|open (antonym)", "closed") is None


@pytest.mark.parametrize(
    ("phrase", "pos", "form", "bent"),
    [
        ("study", "verb", "s", "studies"),
        ("study", "verb", "ed", "studied"),
        ("lie", "verb", "ing", "lying"),
        ("make", "verb", "ing", "making"),
        ("plan", "verb", "ed", "planned"),
        ("give", "verb", "ed", "gave"),
        ("carry out", "verb", "ed", "carried out"),
        ("town clerk", "noun", "s", "town clerks"),
        ("box", "noun", "s", "boxes"),
        ("child", "noun", "s", "children"),
        ("large", "adj", "er", "larger"),
        ("happy", "adj", "est", "happiest"),
        ("agree", "verb", "ing", "agreeing"),
        ("big", "adj", "base", "big"),
    ],
)
def test_inflection(phrase: str, pos: thesaurus.Pos, form: inflection.Form, bent: str) -> None:
    """Replacements are bent as English bends them, phrases at the right word."""
    needs_thesauri()

    assert inflection.inflected(phrase, pos, form) == bent


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("bridges", ("bridge", "noun", "s")),
        ("promised", ("promise", "verb", "ed")),
        ("went", ("go", "verb", "ed")),
        ("stone", ("stone", None, "base")),
    ],
)
def test_readings(word: str, reading: tuple[str, str | None, str]) -> None:
    """A word is known by its base form and by how it is bent."""
    assert reading in inflection.readings(word)


# ---- spintax


@given(seeds)
def test_spintax_expands_fully(rng: random.Random) -> None:
    """Nothing of a template's signs is left, and every choice is one that it offers."""
    text = spintax.expand("The {big|{wide|broad}} {bridge|span} {is|was} shut", rng)

    assert re.fullmatch(r"The (?:big|wide|broad) (?:bridge|span) (?:is|was) shut", text)


def test_spintax_template_offers_the_original() -> None:
    """A template made from a text can give back that text, and offers alternatives."""
    made = spintax.template("Many people lost customers.", TINY, 1.0, random.Random(1))
    restored = re.sub(r"\{([^{}|]*)[^{}]*\}", r"\1", made)

    assert restored == "Many people lost customers."
    assert "{people|individuals|folks|persons}" in made
    assert "{customers|clients}" in made


# ---- sentences


def test_split_at_conjunctions() -> None:
    """A long sentence is cut at its conjunction, and both halves stand alone."""
    found = sentences.split(STORY, 1.0, random.Random(1))

    assert "over the Wendle. Walkers" not in found
    assert "run every hour. This the council says" in found
    assert words(found)


def test_join_lowers_common_openings() -> None:
    """Joined sentences keep all words, and only common first words lose their capital."""
    found = sentences.join(STORY, 1.0, random.Random(1))

    assert len(prose.sentences(prose.flattened(found))) < len(
        prose.sentences(prose.flattened(STORY))
    )
    assert '"We looked' in found


@given(seeds)
def test_shuffle_moves_only(rng: random.Random) -> None:
    """Shuffling moves sentences inside their paragraph and loses none; the first stays first."""
    before, after = prose.sentence_lists(STORY), prose.sentence_lists(sentences.shuffle(STORY, rng))

    assert [sorted(found) for found in after] == [sorted(found) for found in before]
    assert [found[0] for found in after] == [found[0] for found in before]


# ---- mixtures


@given(seeds, st.sampled_from([1 / 3, 1 / 2, 2 / 3]))
def test_partly_takes_its_share(rng: random.Random, share: float) -> None:
    """The share of sentences asked for comes from the rewritten text, the rest is untouched."""
    upper = STORY.upper()
    mixed = mixtures.partly(STORY, upper, share, rng)
    assert mixed is not None
    flat = [s for found in prose.sentence_lists(mixed) for s in found]

    assert sum(s.isupper() for s in flat) == round(share * len(flat))
    assert mixed.lower() == STORY.lower()


def test_partly_needs_equal_frames() -> None:
    """Texts of unlike sentences cannot be mixed."""
    assert mixtures.partly(STORY, "One sentence only.", 0.5, random.Random(1)) is None


@given(seeds)
def test_merged_keeps_both_orders(rng: random.Random) -> None:
    """A merged text holds all of the one and a part of the other, each in its order."""
    other = "\n\n".join(f"Paragraph number {n} of the other." for n in range(6))
    merged = prose.paragraphs(mixtures.merged(STORY, other, rng))
    theirs = [block for block in merged if block.startswith("Paragraph number")]

    assert [block for block in merged if block not in theirs] == prose.paragraphs(STORY)
    assert theirs == sorted(theirs)
    assert len(theirs) == 2


# ---- light edits


@pytest.mark.parametrize("name", sorted(copyedit.EDITS))
@given(rng=seeds)
def test_each_edit_is_light(name: str, rng: random.Random) -> None:
    """Any single edit leaves most of the wording where it was."""
    changed = copyedit.EDITS[name](STORY, rng)

    assert shared(changed, STORY) > 0.75
    assert shared(STORY, changed) > 0.65


# A site's note was added, and the cut at the end took it away again.
@example(random.Random(335))
@given(seeds)
def test_edit_names_what_it_did(rng: random.Random) -> None:
    """The edits made are named, and nothing named means nothing changed."""
    text, done = copyedit.edit(STORY, rng)

    assert (done == "verbatim") == (text == STORY)
    assert prose.count_words(text) >= copyedit.LEAST_WORDS


def test_spelling_both_ways() -> None:
    """Spelling goes from American to British and back, capitals kept."""
    made = {copyedit.spelling("Color of the center", random.Random(n)) for n in range(8)}

    assert made == {"Colour of the centre", "Color of the center"}


def test_edits_keep_lower_case() -> None:
    """A text all in lower case stays so, whatever is put around it."""
    for seed in range(40):
        text, _ = copyedit.edit(STORY.lower(), random.Random(seed))

        assert text.islower()


# ---- excerpts


@given(seeds)
def test_excerpt_is_part(rng: random.Random) -> None:
    """An excerpt is a minor part of its text, in order, but for one linking sentence at most."""
    found = excerpts.excerpt(STORY, rng)
    if found is None:
        return
    text, kind = found
    blocks = prose.paragraphs(text)
    foreign = [block for block in blocks if block not in prose.paragraphs(STORY)]

    assert len(foreign) == (1 if kind == "linked" else 0)
    assert prose.count_words(text) <= excerpts.MOST_KEPT * prose.count_words(STORY)
    assert [b for b in prose.paragraphs(STORY) if b in blocks] == [
        b for b in blocks if b not in foreign
    ]


def test_excerpt_of_one_paragraph() -> None:
    """A text of one paragraph is excerpted by sentences and stays one paragraph."""
    text = excerpts.leading(prose.flattened(STORY), 0.4)

    assert text is not None
    assert "\n" not in text
    assert prose.flattened(STORY).startswith(text)


def test_too_short_for_an_excerpt() -> None:
    """A text too short to leave anything out gives no excerpt."""
    assert excerpts.excerpt("The bridge is shut. The gates are too.", random.Random(1)) is None


# ---- all


def test_same_seed_same_text() -> None:
    """Every rewriter gives the same text for the same seed."""
    needs_thesauri()
    lists = thesaurus.mythes()
    runs = Counter(
        (
            spinner.spin(STORY, lists, spinner.Manner(0.5), random.Random(7)),
            spintax.spin(STORY, lists, 0.4, random.Random(7)),
            copyedit.edit(STORY, random.Random(7)),
            excerpts.excerpt(STORY, random.Random(7)),
        )
        for _ in range(3)
    )

    assert len(runs) == 1


# ---- one article as two writings


@given(st.floats(0.35, 0.6))
def test_parts_are_the_article_and_share_no_sentence(share: float) -> None:
    """The parts make up the article, cut at a sentence, and have no sentence in common."""
    found = parts.parted(STORY, share)
    assert found is not None
    before, after = ([s for f in prose.sentence_lists(text) for s in f] for text in found)

    assert [*before, *after] == [s for f in prose.sentence_lists(STORY) for s in f]
    assert not set(before) & set(after)


def test_no_part_is_too_short_to_judge() -> None:
    """An article that gives no two parts long enough gives none."""
    assert parts.parted("One short sentence. And another one.", 0.5) is None


@given(seeds)
def test_comment_is_the_smaller_part(rng: random.Random) -> None:
    """A commented excerpt holds the excerpt word for word, and less that is the site's own."""
    first, further = parts.parted(STORY, 0.6) or ("", "")
    found = parts.commented(first, further, rng)

    assert first in found
    assert 0 < len(words(found)) - len(words(first)) < len(words(first))


@given(seeds)
def test_update_keeps_and_adds(rng: random.Random) -> None:
    """An update has all of the news, and a good part of the earlier text."""
    first, further = parts.parted(STORY, 0.55) or ("", "")
    found = parts.updated(first, further, rng)

    assert shared(further, found) > 0.8
    assert shared(found, first) > 0.15
