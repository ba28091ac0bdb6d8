"""Sketches: what survives rewriting survives in them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from itertools import pairwise
from math import log

from hypothesis import given
from hypothesis import strategies as st

from detector.lexicon import lexicon
from detector.records import Article
from detector.segment import segment
from detector.sketch import NAT, SHINGLE_NATS, SHINGLE_SAMPLE, SHINGLE_WORDS, TERMS, Sketch, sketch

SHINGLE = SHINGLE_NATS * NAT
STORY = (
    "Harbour wardens in Saltmere counted 1,204 kittiwakes on the pier's theatre roof on Tuesday. "
    "Councillor Oriel Banfield said the colony had doubled since the storm of 1987, and that the "
    "council's engineers would leave the scaffolding where it was until the chicks had fledged."
)
WORDS = "kittiwake pier harbour warden 1987 the of council theatre said grey 42"
words = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=120)


def sketched(text: str) -> Sketch:
    """Sketch a text."""
    return sketch(segment(Article(id="a", text=text)))


def terms(text: str) -> set[int]:
    """Give a text's terms without its shingles."""
    return {term for term, weight in sketched(text).weights.items() if weight != SHINGLE}


def shingles(text: str) -> set[int]:
    """Give a text's sampled shingles."""
    return sketched(text).weights.keys() - terms(text)


@given(words)
def test_order_of_words_does_not_change_the_terms(found):
    """Terms are those of the words, whatever their order."""
    assert terms(" ".join(found)) == terms(" ".join(sorted(found)))


@given(words, words)
def test_a_stretch_keeps_its_shingles_wherever_it_stands(stretch, before):
    """The shingles of a stretch are among those of every text that holds it."""
    assert shingles(" ".join(stretch)) <= shingles(" ".join([*before, *stretch]))


def test_inflection_and_spelling_do_not_hide_a_term():
    """Stems, both spellings of a word, and numbers with and without separators are one term."""
    assert terms("organised harbours 1,204 Banfield's") == terms("organizing harbour 1204 Banfield")


def test_function_words_tell_nothing():
    """A text of function words and single letters has no terms."""
    assert terms("It was not what they had said about it, and I am here. A b c.") <= terms("said")


def test_the_most_telling_terms_come_first_and_the_rest_is_left_out():
    """Rare names are kept where there is room for TERMS terms only, common words are not."""
    common = " ".join(f"number{i} {i * 7919}" for i in range(TERMS))
    rare, plain = terms("Banfield"), terms("people")
    kept = terms(f"people {common} Banfield Banfield Banfield")

    assert len(kept) == TERMS
    assert rare <= kept
    assert not plain & kept


def test_a_repeated_word_is_more_telling():
    """Of two words that are as rare, the repeated one comes first."""
    first = next(iter(sketched("zorvath quendril quendril").weights))

    assert {first} == terms("quendril")


def test_weights_are_whole_thousandths_of_a_nat():
    """A word's weight is its rarity in the background, a shingle's is fixed."""
    from detector.lexicon import lexicon

    weights = set(sketched("kittiwakes").weights.values())

    assert weights == {round(NAT * lexicon().idf("kittiwakes"))}


def test_one_shingle_in_so_many_is_kept():
    """Of many stretches about one in SHINGLE_SAMPLE is sampled."""
    text = " ".join(str(number) for number in range(8000))
    expected = (8000 - SHINGLE_WORDS + 1) / SHINGLE_SAMPLE

    assert abs(len(shingles(text)) - expected) < expected / 8


def test_a_text_shorter_than_a_shingle_has_none():
    """Five words have no stretch of six."""
    assert shingles("kittiwakes on the pier theatre") == set()


def test_sketches_are_alike_in_every_process():
    """Another interpreter, with another hash seed, gives the same sketch."""
    code = (
        "import sys; from detector.records import Article; from detector.segment import segment;"
        "from detector.sketch import sketch;"
        "print(list(sketch(segment(Article(id='', text=sys.argv[1]))).weights.items()))"
    )
    seeds = ({"PYTHONHASHSEED": seed} for seed in ("1", "2"))
    printed = [
        subprocess.run(
            [sys.executable, "-c", code, STORY],
            env=seed,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in seeds
    ]

    assert printed == [f"{list(sketched(STORY).weights.items())}\n"] * 2


def test_terms_are_ordered_by_how_telling_they_are():
    """Among words that stand once, weights never rise."""
    weights = [w for w in sketched(STORY).weights.values() if w != SHINGLE]

    assert all(a >= b for a, b in pairwise(weights[1:]))


def slowly_sketched(text: str) -> dict[int, int]:
    """Weigh the terms word by word, and sample the shingles one after another."""
    lex, rarity, found = lexicon(), {}, []
    for word in segment(Article(id="a", text=text)).words:
        bare = word.removesuffix("'s")
        stem = bare.replace(",", "") if word[0].isdigit() else lex.stem(lex.spelling_key(bare))
        digest = hashlib.blake2b(stem.encode(), digest_size=8).digest()
        found.append(int.from_bytes(digest, "big", signed=True))
        nats = 0.0 if word in lex.stop_words or len(word) == 1 else lex.idf(bare)
        rarity[found[-1]] = min(nats, rarity.get(found[-1], nats))
    told = {term: nats * (1 + log(found.count(term))) for term, nats in rarity.items() if nats > 0}
    telling = sorted(told, key=lambda term: (-told[term], term))[:TERMS]
    return {term: round(NAT * rarity[term]) for term in telling}


@given(words)
def test_terms_are_those_that_a_slow_count_finds(found):
    """Terms, weights and order are those of a count word by word."""
    weights = sketched(" ".join(found)).weights

    told = [(term, weight) for term, weight in weights.items() if weight != SHINGLE]
    assert told == list(slowly_sketched(" ".join(found)).items())
