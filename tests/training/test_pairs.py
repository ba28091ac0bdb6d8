"""Pairs: caps, mined labels, crossing, levelled make-up, split groups, and one seed one file."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import DetectorError
from detector.lexicon import lexicon
from detector.records import RELATIONS
from training import __main__ as command
from training import corpora, crossing, operations, pairs, readers
from training.groups import Groups, named
from training.readers.records import Corpus, Couple, Original, Relation, key_of, shared, words
from training.rewriters import parts, roundtrip, thesaurus
from training.rewriters.thesaurus import Sense, Thesaurus

NOUNS = sorted(w for w in lexicon().wordnet["noun"] if 5 <= len(w) <= 9)[::37]
VERBS = sorted(w for w in lexicon().wordnet["verb"] if 5 <= len(w) <= 7)[::11]


def invented(seed: int, sentences: int = 16) -> str:
    """Invent a report of its own vocabulary, four sentences a paragraph."""
    rng = random.Random(seed)

    def sentence(number: int) -> str:
        a, b, c, d, e, f = rng.sample(NOUNS, 6)
        verb = rng.choice(VERBS)
        quote = f'"Our {a} {verb} {b} {c}," said Dana {d.title()}, who {e} the {f}.'
        plain = f"The {a} near {b.title()} will {verb} its {c}, and {d} may {e} {f}."
        return quote if number % 5 == 3 else plain

    found = [sentence(number) for number in range(sentences)]
    return "\n\n".join(" ".join(found[i : i + 4]) for i in range(0, sentences, 4))


def small_corpus(name: str, first: int, count: int = 14) -> Corpus:
    """Make a corpus of invented originals, each with a rewrite of its own."""
    originals = [
        Original(name, invented(first + n), "news", topic=str(n % 3)) for n in range(count)
    ]
    couples = [
        Couple(
            corpus=name,
            suspect=original.text.replace("The", "That").replace("will", "shall"),
            source=original.text,
            relation="automated_rewrite",
            family="language_model",
            tool=f"model-{number % 2}",
            original=original.key,
            genre="news",
        )
        for number, original in enumerate(originals)
    ]
    return Corpus(originals, couples)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, Corpus]:
    """Put two invented corpora, two small thesauri and a make-believe translator in place."""
    found = {"harrow": small_corpus("harrow", 100), "lindow": small_corpus("lindow", 500)}
    entries = {word: (Sense("noun", (f"{word}let",)),) for word in NOUNS}
    lists = {name: Thesaurus(name, entries) for name in ("mythes", "wordnet")}
    monkeypatch.setattr(pairs, "load", lambda name, mirror: {name: b""})
    monkeypatch.setattr(readers, "READERS", {n: lambda files, n=n: found[n] for n in found})
    monkeypatch.setattr(crossing, "thesauri", lambda: lists)
    monkeypatch.setattr(roundtrip, "installed_pairs", lambda: {"eng-spa"})
    monkeypatch.setattr(
        roundtrip,
        "there_and_back",
        lambda texts, pivot: [t.replace(" near ", " nearly ").replace("may", "can") for t in texts],
    )
    monkeypatch.setattr(pairs, "DEFAULT_BUDGET", 120)
    monkeypatch.setattr(pairs, "MINED_CORPORA", ("lindow",))
    return found


def couple(relation: Relation = "copy", tool: str = "hand", **more: object) -> Couple:
    """Make a couple with what matters to a test."""
    text = invented(1)
    given_ = {"suspect": text, "source": text, "original": key_of(text), **more}
    return Couple(corpus="harrow", relation=relation, tool=tool, genre="news", **given_)  # type: ignore[arg-type]


# ---- the whole


def test_same_seed_same_file(small: dict[str, Corpus], tmp_path: Path) -> None:
    """The same seed gives the same bytes, another seed another file."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        pairs.build(Path("mirror"), tmp_path / name, seed=seed)
    first, second, third = ((tmp_path / name).read_bytes() for name in "abc")

    assert first == second
    assert first != third


def test_every_corpus_has_every_made_relation(small: dict[str, Corpus], tmp_path: Path) -> None:
    """Each corpus gets positives of each family and negatives of each kind that can be made."""
    pairs.build(Path("mirror"), tmp_path / "pairs", seed=1)
    table = pq.read_table(tmp_path / "pairs").to_pylist()

    for name in small:
        mine = [row for row in table if row["corpus"] == name]
        assert {row["relation"] for row in mine} == set(RELATIONS)
        assert {"synonym_spinner", "round_trip_translation", "language_model"} <= {
            row["family"] for row in mine
        }
        assert {"mythes", "wordnet", "spintax", "apertium-es"} <= {row["tool"] for row in mine}


def test_rows_are_sound(small: dict[str, Corpus], tmp_path: Path) -> None:
    """Rows have an id of their own, a known relation, a family only where one is due, texts long
    enough to be judged, and breaks between paragraphs on both sides or on neither.
    """
    pairs.build(Path("mirror"), tmp_path / "pairs", seed=1)
    table = pq.read_table(tmp_path / "pairs").to_pylist()

    assert len({row["pair_id"] for row in table}) == len(table)
    for row in table:
        assert row["relation"] in RELATIONS
        assert bool(row["family"]) == (row["relation"] == "automated_rewrite")
        assert min(len(words(row["suspect"])), len(words(row["source"]))) >= 40
        assert ("\n\n" in row["suspect"]) == ("\n\n" in row["source"])


def test_no_text_in_two_groups(small: dict[str, Corpus], tmp_path: Path) -> None:
    """A source stands in one group only, and no group takes a corpus whole."""
    pairs.build(Path("mirror"), tmp_path / "pairs", seed=1)
    table = pq.read_table(tmp_path / "pairs").to_pylist()
    groups_of: dict[str, set[str]] = {}
    for row in table:
        groups_of.setdefault(key_of(row["source"]), set()).add(row["group"])

    assert all(len(found) == 1 for found in groups_of.values())
    assert max(Counter(row["group"] for row in table).values()) < len(table) / 2


def test_unrelated_partners_share_a_group(small: dict[str, Corpus], tmp_path: Path) -> None:
    """The article that an unrelated suspect is stands in the pair's group with its own pairs."""
    pairs.build(Path("mirror"), tmp_path / "pairs", seed=1)
    table = pq.read_table(tmp_path / "pairs").to_pylist()
    group_of = {row["original"]: row["group"] for row in table}
    plain = [row for row in table if row["tool"] == "other_article" and "\n\n" in row["suspect"]]

    assert plain
    for row in plain:
        assert group_of.get(key_of(row["suspect"]), row["group"]) == row["group"]


def test_command(small: dict[str, Corpus], tmp_path: Path) -> None:
    """`python -m training pairs` builds the pairs of the corpora that are asked for."""
    out = tmp_path / "pairs"
    result = CliRunner().invoke(command.main, ["pairs", "--out", str(out), "--corpus", "lindow"])

    assert result.exit_code == 0
    assert set(pq.read_table(out)["corpus"].to_pylist()) == {"lindow"}


def test_command_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's error ends the command with what to do next, not with a traceback."""

    def refuse(mirror: Path) -> None:
        raise DetectorError("the mirror is gone", hint="mount it")

    monkeypatch.setattr(corpora, "check_all", refuse)
    result = CliRunner().invoke(command.main, ["corpora", "--mirror", "gone"])

    assert result.exit_code == 1
    assert "the mirror is gone\nTry: mount it" in result.output


# ---- caps


def test_caps_are_even() -> None:
    """A cap draws evenly over tools, however unlike their numbers are."""
    many = [couple(tool="often", suspect=invented(n)) for n in range(30)]
    few = [couple(tool="seldom", suspect=invented(n)) for n in range(4)]
    drawn = Counter(c.tool for c in pairs.capped(many + few, 10, random.Random(1)))

    assert drawn == {"often": 6, "seldom": 4}


def test_cap_above_supply() -> None:
    """A cap above what there is draws everything."""
    some = [couple(suspect=invented(n)) for n in range(3)]

    assert len(pairs.capped(some, 99, random.Random(1))) == 3


# ---- mined pairs


@pytest.mark.parametrize(
    ("containment", "relation"),
    [
        (0.0, "independent"),
        (0.14, "independent"),
        (0.3, "human_rewrite"),
        (0.55, None),
        (0.9, "copy"),
    ],
)
def test_mined_relations(containment: float, relation: Relation | None) -> None:
    """The share of common 6-grams decides what two tellings are; where either may be, nothing."""
    assert pairs.relation_of(containment) == relation


def test_mined_pairs_are_labelled() -> None:
    """Two outlets' near-equal stories of one day become a copy, the earlier one its source."""
    story = invented(9, 24)
    stories = [
        Original("press", story, "news", site="a.example", published=date(2016, 3, 4)),
        Original("press", "Late: " + story, "news", site="b.example", published=date(2016, 3, 5)),
        *(
            Original("press", invented(n), "news", site=f"{n}.example", published=date(2016, 3, 4))
            for n in range(20, 26)
        ),
    ]
    found = pairs.mined(stories, seed=1)

    assert [(c.relation, c.original) for c in found] == [("copy", stories[0].key)]
    assert found[0].kin == (stories[1].key,)


def test_shared_quotations() -> None:
    """A quotation carried over leaves an independent report independent, and stands in both."""
    pair = couple("independent", source=invented(3), suspect=invented(4))
    made = [
        m
        for n in range(12)
        if (m := pairs.with_shared_quotation(pair, random.Random(n))) is not None
    ]

    assert made
    for changed in made:
        added = set(changed.suspect.split("\n\n")) - set(pair.suspect.split("\n\n"))
        assert changed.relation == "independent"
        assert all(block in pair.source and '"' in block for block in added)


def test_copies_get_no_quotation() -> None:
    """Only independent reports are given shared quotations."""
    assert pairs.with_shared_quotation(couple("copy"), random.Random(1)) is None


# ---- make-up and groups


def test_one_sided_breaks_go() -> None:
    """Where one side has no paragraph breaks, neither has the other afterwards."""
    flat = couple(suspect=" ".join(invented(2).split()), source=invented(2))

    for seed in range(10):
        assert "\n" not in pairs.levelled(flat, seed).source


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=30))
def test_groups_oracle(edges: list[tuple[int, int]]) -> None:
    """Groups are the connected components, whatever the order of joining."""
    nodes = [str(n) for n in range(16)]
    reach = {n: {n} for n in nodes}
    for _ in nodes:
        for a, b in edges:
            union = reach[str(a)] | reach[str(b)]
            for node in union:
                reach[node] = reach[node] | union
    forward, backward = Groups[str](), Groups[str]()
    for node in nodes:
        forward.join([node])
        backward.join([node])
    for a, b in edges:
        forward.join([str(a), str(b)])
    for a, b in reversed(edges):
        backward.join([str(b), str(a)])
    names = named(forward)

    assert names == named(backward)
    for a in nodes:
        assert {b for b in nodes if names[b] == names[a]} == reach[a]


def test_events_and_kin_share_a_group() -> None:
    """Pairs of one event, and of kin, are never parted; others are."""
    one, two, three, four = (invented(n) for n in (11, 12, 13, 14))
    found = pairs.grouped(
        [
            couple(source=one, original=key_of(one), event="flood"),
            couple(source=two, original=key_of(two), event="flood"),
            couple(source=three, original=key_of(three), kin=(key_of(two),)),
            couple(source=four, original=key_of(four)),
        ]
    )

    assert found[key_of(one)] == found[key_of(two)] == found[key_of(three)]
    assert found[key_of(four)] != found[key_of(one)]


def test_sources_with_common_wording_share_a_group() -> None:
    """Two sources that share wording but not their beginning are in one group."""
    one = invented(11)
    other = "An earlier report follows in full.\n\n" + one
    found = pairs.grouped(
        [couple(source=one, original=key_of(one)), couple(source=other, original=key_of(other))]
    )

    assert found[key_of(one)] == found[key_of(other)]


def test_blocks_hold_over_corpora() -> None:
    """An original that two corpora share keeps its block, so that two divisions chain nothing."""
    originals = [Original("a", invented(n), "news") for n in range(20)]
    blocks = crossing.Blocks()
    blocks.place(originals, random.Random(1))
    before = [{o.key for o in blocks.partners(original)} for original in originals]
    blocks.place(originals, random.Random(2))

    assert before == [{o.key for o in blocks.partners(original)} for original in originals]
    assert all(len(found) < crossing.BLOCK for found in before)


def test_answers_to_one_question_are_not_unrelated() -> None:
    """Answers to one question, tellings of one event, and an article and itself are related."""
    one, other = invented(1), invented(2)

    def asked(text: str, topic: str, event: str = "") -> Original:
        return Original("asap", text, "other", topic=topic, event=event)

    assert operations.are_unrelated(asked(one, "first"), asked(other, "second"))
    assert not operations.are_unrelated(asked(one, "first"), asked(other, "first"))
    assert not operations.are_unrelated(asked(one, "first", "e"), asked(other, "second", "e"))
    assert not operations.are_unrelated(asked(one, "first"), asked(one, "second"))
    assert not operations.are_unrelated(asked(one, "first"), asked("Again. " + one, "second"))


def test_end_of_a_rewrite_is_not_made_from_the_beginning_of_its_source() -> None:
    """The end of a rewrite against the source's beginning is independent, and bears no family;
    where the end tells the beginning all the same, there is no such pair.
    """
    source = invented(1, 32)
    rewrite = replace(couple("automated_rewrite", "model"), source=source, family="language_model")
    first, last = parts.parted(source.replace("will", "shall"), 0.5) or ("", "")

    found = operations.retold_apart(replace(rewrite, suspect=f"{first}\n\n{last}"))
    assert found is not None
    assert (found.relation, found.family, found.suspect) == ("independent", None, last)
    assert operations.retold_apart(replace(rewrite, suspect=f"{last}\n\n{first}")) is None


def test_desk_merge_is_of_both_reports() -> None:
    """A desk's merge of two reports holds much of either, and keeps their group."""
    one, other = invented(1, 24), invented(2, 24)
    report = replace(couple("independent"), suspect=other, source=one, kin=("kin",))

    (found,) = pairs.desk_merged([report], 1)
    assert found.relation == "human_rewrite"
    assert found.kin == report.kin
    assert min(shared(found.suspect, one), shared(found.suspect, other)) > 0.15


def test_shares_sum_to_one() -> None:
    """The shares of the operations make up the whole budget."""
    assert sum(crossing.SHARES.values()) == pytest.approx(1)


@given(st.integers(0, 500))
def test_lost_translations_make_no_pair(seed: int) -> None:
    """A translation that lost a great part of its text, or changed nothing, makes no pair."""
    original = Original("harrow", invented(seed), "news")
    errand = crossing._errand(original, "apertium-es", 1.0)

    assert crossing._returned(errand, "", 1) is None
    assert crossing._returned(errand, original.text[: len(original.text) // 3], 1) is None
    assert crossing._returned(errand, original.text, 1) is None


def test_chain_of_two_pivots() -> None:
    """A chained translation goes through both pivots, in order."""
    errand = crossing._errand(Original("harrow", invented(1), "news"), "apertium-es-eo", 1.0)

    assert [pivot.name for pivot in errand.pivots] == ["apertium-es", "apertium-eo"]


@pytest.mark.slow
def test_real_corpus() -> None:
    """A real corpus gives every relation that can be made of it, by real thesauri and translator,
    and no rewrite that is its source.
    """
    mirror = corpora.default_mirror()
    programs = thesaurus.MYTHES.exists() and thesaurus.WORDNET.exists()
    if not (mirror.is_dir() and programs and roundtrip.installed_pairs()):
        pytest.skip("needs the mirror of the corpora, mythes-en-us, wordnet-base and apertium")
    corpus = readers.READERS["onestop"](corpora.load("onestop", mirror))
    done, errands = crossing.cross(
        corpus.originals[:12], 60, 1, crossing.thesauri(), crossing.Blocks()
    )
    rewrites = [c for c in done if c.relation == "automated_rewrite"]
    rewrites += crossing.translated(errands, 1)

    assert {c.relation for c in done} == set(RELATIONS)
    assert {c.family for c in rewrites} == {"synonym_spinner", "round_trip_translation"}
    assert all(shared(c.suspect, c.source) <= 0.97 for c in rewrites)
