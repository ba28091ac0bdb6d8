"""The word lists: what they say of words, and how they are derived."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import string
import tarfile
from collections import Counter
from io import BytesIO
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyphen import Pyphen

from detector.errors import DetectorError
from detector.lexicon import (
    FILES,
    Lexicon,
    bloom_positions,
    lexicon,
    models_folder,
    pair_hashes,
    word_hash,
)
from detector.records import Article
from detector.segment import segment
from training.corpora import corpus
from training.lexicon import (
    ARTICLES,
    FALSE_POSITIVES,
    PRONUNCIATIONS,
    REUTERS,
    bloom_filter,
    build,
    count_background,
    is_background,
    main,
    syllable_counts,
    write_background,
)
from training.spelling import spelling_variants
from training.wordnet import WORDNET, WordNet, irregular_lemmas

FOLDER = models_folder() / "lexicon"
WORDS = lexicon()

LOOK_BRITISH = (
    "hour four our your tour pour rise wise advertise controlled partisan cheque storey prise"
)

needs_wordnet = pytest.mark.skipif(
    not (WORDNET / "data.noun").exists(), reason="WordNet (Debian wordnet-base) is not installed"
)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("was", "be"),
        ("does", "do"),
        ("left", "leave"),
        ("added", "add"),
        ("stopped", "stop"),
        ("studies", "study"),
        ("women", "woman"),
        ("taller", "tall"),
        ("company's", "company"),
        ("companies'", "company"),
        ("his", "his"),
        ("as", "as"),
        ("ground", "ground"),
        ("zxqvying", "zxqvying"),
        ("", ""),
    ],
)
def test_lemma_undoes_inflection(word: str, lemma: str) -> None:
    """The base form is WordNet's; stop words and unknown words keep to themselves."""
    assert WORDS.lemma(word) == lemma


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("neighbours", "neighbors"),
        ("labour's", "labor's"),
        ("organised", "organized"),
        ("analysing", "analyzing"),
        ("centres", "centers"),
        ("defence", "defense"),
        ("travelled", "traveled"),
        ("fulfil", "fulfill"),
        ("sceptical", "skeptical"),
        ("programmes", "programs"),
        ("grey", "gray"),
    ],
)
def test_spelling_key_joins_both_spellings(british: str, american: str) -> None:
    """British and American spellings of a word have one key, the American spelling."""
    assert WORDS.spelling_key(british) == WORDS.spelling_key(american) == american


@pytest.mark.parametrize("word", LOOK_BRITISH.split())
def test_spelling_key_leaves_other_words_alone(word: str) -> None:
    """A word that only looks British keeps its spelling."""
    assert WORDS.spelling_key(word) == word


def test_spelling_keys_are_settled() -> None:
    """The key of a key is itself."""
    assert all(WORDS.spelling_key(key) == key for key in WORDS.spellings.values())


def test_synonyms_share_a_sense() -> None:
    """Words of one synset are synonyms, inflected or not, in either order."""
    assert WORDS.synonyms("big", "large")
    assert WORDS.synonyms("started", "begins")
    assert WORDS.synonyms("begins", "started")
    assert not WORDS.synonyms("started", "starts")
    assert not WORDS.synonyms("harbour", "justice")


def test_syllables_come_from_the_dictionary_else_from_hyphenation() -> None:
    """Known words have the dictionary's count, others one more than their hyphens."""
    known = [WORDS.syllables(w) for w in ("harbor", "don't", "communication")]
    hyphens = Pyphen(lang="en_US").positions("zxqvyberation")

    assert WORDS.syllables("zxqvyberation") == len(hyphens) + 1
    assert known == [2, 1, 5]


def test_rarity_is_the_log_of_document_frequency() -> None:
    """Idf follows its definition for common, rare and unknown words."""
    for word in ("the", "president", "harbor", "zxqvy"):
        frequency = WORDS.document_frequency(word)

        assert WORDS.idf(word) == pytest.approx(log((WORDS.documents + 1) / (frequency + 1)))
    assert WORDS.document_frequency("zxqvy") == 0
    assert WORDS.document_frequency("the") > 0.8 * WORDS.documents


def test_company_is_told_pair_by_pair() -> None:
    """Idioms were seen, tortured phrases were not, and all numbers count as one word."""
    words = ["the", "president", "said", "on", "tuesday", "bosom", "peril", "3", "percent"]
    other = [*words[:-2], "97.5", "percent"]

    assert WORDS.seen_together(words).tolist() == [True] * 4 + [False, False, False, True]
    assert WORDS.seen_together(other).tolist() == WORDS.seen_together(words).tolist()


@given(words=st.lists(st.text(max_size=6), max_size=12))
def test_company_has_one_answer_a_neighbourhood(words: list[str]) -> None:
    """The answer to any words is one boolean for each two neighbours."""
    seen = WORDS.seen_together(words)

    assert seen.dtype == np.bool_
    assert len(seen) == max(0, len(words) - 1)


def test_unseen_pairs_pass_for_seen_as_rarely_as_promised() -> None:
    """Of pairs that never were, no more than the stated share is taken for seen."""
    generator = random.Random(7)
    words = ["".join(generator.choices(string.ascii_lowercase, k=9)) for _ in range(40_000)]

    assert WORDS.seen_together(words).mean() == pytest.approx(FALSE_POSITIVES, rel=0.15)


def test_identity_follows_the_files(tmp_path: Path) -> None:
    """Another byte in any file is another lexicon."""
    shutil.copytree(FOLDER, tmp_path / "lexicon")
    same = Lexicon(tmp_path / "lexicon").id
    with (tmp_path / "lexicon" / FILES[0]).open("ab") as file:
        file.write(b"\0")

    assert same == WORDS.id
    assert Lexicon(tmp_path / "lexicon").id != WORDS.id


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A word list that is not there is named, with what to do."""
    shutil.copytree(FOLDER, tmp_path / "lexicon")
    (tmp_path / "lexicon" / "bigrams.npy").unlink()

    with pytest.raises(DetectorError, match=r"bigrams\.npy") as error:
        Lexicon(tmp_path / "lexicon")
    assert "training.lexicon" in error.value.hint


def test_shipped_files_are_those_of_the_manifest() -> None:
    """The manifest's hashes are those of the files, which are small enough to ship."""
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    hashes = {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES}

    assert manifest["sha256"] == hashes
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 6_000_000


# ---- how they are derived


def test_outlets_divide_in_two() -> None:
    """About half of all outlets are background, and an outlet never changes sides."""
    outlets = [f"www.outlet-{number}.example" for number in range(2_000)]

    assert sum(map(is_background, outlets)) == pytest.approx(1_000, abs=120)
    assert is_background(outlets[0]) == is_background(outlets[0])


@given(hashes=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=200))
def test_filter_never_forgets(hashes: list[int]) -> None:
    """Every pair that was seen is told to be seen."""
    bits = np.unpackbits(bloom_filter(np.array(hashes, np.uint64)), bitorder="little")
    positions = bloom_positions(np.array(hashes, np.uint64), len(bits))

    assert bits[positions].all()


def test_pairs_are_ordered() -> None:
    """A pair the other way round is another pair."""
    first, second = (np.array([word_hash(w)], np.uint64) for w in ("harbour", "fee"))

    assert pair_hashes(first, second) != pair_hashes(second, first)
    assert word_hash("3") == word_hash("1,400") == word_hash("20th")


def test_background_is_counted_by_document(tmp_path: Path) -> None:
    """Frequencies count documents, pairs stay within sentences, short texts are left out."""
    long = (
        "The ferry came late again. Crews waited on the quay for the ferry and its passengers "
        "while a storm passed "
    )
    counted = count_background([long + "by.", long + "over Ellery.", "Too short."])
    filed = write_background(counted, tmp_path)

    assert counted.documents == filed["documents"] == 2
    assert counted.frequencies["ferry"] == 2
    assert counted.frequencies["ellery"] == 1
    first = segment_words(long)
    hashes = np.fromiter(map(word_hash, first), np.uint64)
    kept = np.isin(pair_hashes(hashes[:-1], hashes[1:]), counted.pairs())
    assert [i for i, here in enumerate(kept) if not here] == [first.index("again")]


def segment_words(text: str) -> tuple[str, ...]:
    """Give the words of a text."""
    return segment(Article(id="a", text=text)).words


def test_syllables_are_the_first_pronunciation_s() -> None:
    """Stressed phones are counted, second pronunciations, comments and odd entries are not."""
    lines = "port P AO1 R T # comment\nport(2) P OW1 ER0 T\nferry F EH1 R IY0\na.d. EY1 D IY1\n"

    assert syllable_counts(lines) == {"port": 1, "ferry": 2}


@pytest.fixture
def corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load fictional corpora: two outlets, one background, a wire, a dictionary."""
    outlets = [f"outlet-{number}.example" for number in range(20)]
    ours = next(o for o in outlets if is_background(o))
    theirs = next(o for o in outlets if not is_background(o))
    story = "Crews of Port Ellery waited on the quay for the ferry while a storm passed and the "
    story += "pilot slept. "
    texts = {"a": (ours, story + "Rain."), "b": (ours, story + "Rain."), "c": (theirs, story * 2)}
    records = {
        f"data/jsons/{name}.json": json.dumps({"source_url": url, "content_original": text})
        for name, (url, text) in texts.items()
    }
    wire = f"<REUTERS><BODY>{story} Fees &lt;rose>.</BODY></REUTERS><REUTERS></REUTERS>"
    files = {
        ARTICLES: records,
        REUTERS: {"reuters21578/reut2-000.sgm": wire},
        PRONUNCIATIONS: {"cmudict.dict": "ferry F EH1 R IY0\nquay K IY1\n"},
    }

    def load(name: str, _: Path) -> dict[str, bytes]:
        return {path: text.encode("latin-1") for path, text in files[name].items()}

    monkeypatch.setattr("training.lexicon.load", load)


@needs_wordnet
@pytest.mark.usefixtures("corpora")
def test_build_writes_what_a_lexicon_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command counts background texts once, leaves the others out, and writes every file."""
    out = tmp_path / "lexicon"
    monkeypatch.setattr("sys.argv", ["lexicon", "--out", str(out)])
    main()
    built = Lexicon(out)
    manifest = json.loads(capsys.readouterr().out)

    assert manifest["counts"]["documents"] == built.documents == 2
    assert built.document_frequency("ferry") == 2
    assert built.document_frequency("rain") == 0
    assert built.seen_together(["pilot", "slept", "ferry"]).tolist() == [True, False]
    assert built.syllables("ferry") == 2
    assert json.loads((out / "manifest.json").read_text("utf-8")) == manifest


def test_nothing_is_counted_that_the_registry_does_not_vouch_for(tmp_path: Path) -> None:
    """An archive whose files are not the registered ones is refused, and no list is written."""
    with tarfile.open(tmp_path / f"{corpus(ARTICLES).stem}.tar.xz", "w:xz") as tar:
        tar.addfile(tarfile.TarInfo("r/data/jsons/a.json"), BytesIO())

    with pytest.raises(DetectorError, match="are not those of"):
        build(tmp_path, tmp_path / "lexicon")
    assert list((tmp_path / "lexicon").iterdir()) == []


@needs_wordnet
def test_shipped_lists_are_those_that_wordnet_gives() -> None:
    """Base forms and spellings shipped are what training derives from WordNet."""
    wordnet = WordNet(WORDNET)
    frequencies = Counter({w: WORDS.document_frequency(w) for w in WORDS._frequencies[1]})
    lemmas = irregular_lemmas(wordnet)
    shipped = Lexicon(FOLDER)

    assert {word: shipped.lemma(word) for word in lemmas} == lemmas
    assert spelling_variants(wordnet, frequencies) == shipped.spellings
    assert shipped.wordnet == wordnet.words
