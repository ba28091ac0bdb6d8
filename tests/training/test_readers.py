"""Each reader reads its corpus's layout and gets past its traps; all texts here are invented."""

from __future__ import annotations

import csv
import gzip
import io
import json
import pickle
from datetime import date
from pathlib import Path

import pytest

from detector.errors import DetectorError
from training import corpora
from training.lexicon import is_background
from training.readers import (
    READERS,
    article_bias,
    asap,
    biscope,
    newswire,
    polished,
    refakes,
    rewrites,
    simplified,
    versions,
)

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


def table(rows: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    """Write rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


# ---- corpora of rewrites


def test_imbd() -> None:
    """ImBD's parallel lists are paired; tasks that add facts are left out; genre tells news."""
    lists = json.dumps({"original": [BRIDGE, BAKERY], "rewritten": [BRIDGE_RETOLD, SHORT]}).encode()
    found = rewrites.imbd(
        {
            "data/polish/Llama-3-8B/xsum_polish.raw_data.json": lists,
            "data/expand/Llama-3-8B/squad_expand.raw_data.json": lists,
        }
    )

    assert [(c.tool, c.genre, c.relation) for c in found.couples] == [
        ("llama-3-8b", "news", "automated_rewrite")
    ]
    assert [o.text for o in found.originals] == [BRIDGE, BAKERY]


def test_hppt() -> None:
    """HPPT's human and polished records are joined by address; one without the other is dropped."""
    rows = [
        {"url": "a", "text": BRIDGE, "fake": "0"},
        {"url": "a", "text": BRIDGE_RETOLD, "fake": 1},
        {"url": "b", "text": BAKERY, "fake": 0},
    ]
    found = rewrites.hppt({"Dataset/llama_data/val.json": json.dumps(rows).encode()})

    assert [(c.source, c.suspect, c.tool) for c in found.couples] == [
        (BRIDGE, BRIDGE_RETOLD, "llama-2-7b")
    ]


def test_sheepdog() -> None:
    """SheepDog's pickles are aligned by position, each tone a tool of its own."""
    files = {"data/news_articles/politifact_train.pkl": pickle.dumps({"news": [BAKERY, BRIDGE]})}
    for tone in ("objective", "neutral", "emotionally_triggering", "sensational"):
        replies = {"rewritten": [SHORT, BRIDGE_RETOLD], "labels": [0, 1]}
        files[f"data/reframings/politifact_train_{tone}.pkl"] = pickle.dumps(replies)
    found = refakes.sheepdog(files)

    assert {c.source for c in found.couples} == {BRIDGE}
    assert len({c.tool for c in found.couples}) == 4


def test_pickles_import_nothing() -> None:
    """A pickle that would import anything is refused before it runs."""
    with pytest.raises(DetectorError, match=r"asks for pathlib"):
        refakes.plain(pickle.dumps(Path("x")))


def test_llm_misinformation() -> None:
    """Rows that were never rewritten, copies, torsos and leftovers are dropped."""
    path = "experiment/data/llama2_7b_generation/coaid/synthetic_rewrite_processed.csv"
    cases = {
        "good": ("1", BRIDGE_RETOLD),
        "label": ("0", BRIDGE_RETOLD),
        "same": ("1", BRIDGE),
        "torso": ("1", " ".join(BRIDGE_RETOLD.split()[:25])),
        "leftover": ("1", BRIDGE_RETOLD[0].lower() + BRIDGE_RETOLD[1:]),
        "elsewhere": ("1", BAKERY),
        "empty": ("1", ""),
        "refusal": ("1", "I cannot fulfill this request. " + BRIDGE_RETOLD),
    }
    rows = [
        {"news_id": name, "news_text": BRIDGE, "label": label, "synthetic_misinformation": reply}
        for name, (label, reply) in cases.items()
    ]
    found = refakes.llm_misinformation({path: table(rows)})

    assert [(c.suspect, c.tool) for c in found.couples] == [(BRIDGE_RETOLD, "llama-2-7b")]


def test_asap() -> None:
    """Essays align past blank lines and start marks, only where the counts agree; tags and spacing
    are made alike on both sides; neighbours are independent.
    """
    files = {}
    for prompt in asap.PROMPTS:
        files[f"bt-essays/01.en/e_{prompt}.txt"] = f"<START>\n\n{BRIDGE}\n{BAKERY}\n".encode()
        files[f"bt-essays/03.ch-en/e_{prompt}.txt"] = f"{BRIDGE_RETOLD}\n\n{SHORT}\n".encode()
        files[f"bt-essays/05.fr-en/ee_{prompt}.txt"] = f"{BRIDGE_RETOLD}\n".encode()
    found = asap.asap(files)
    kinds = {(c.relation, c.tool) for c in found.couples}

    assert kinds == {("automated_rewrite", "google-zh"), ("independent", "same_question")}
    assert len(found.originals) == 2


def test_asap_sides_are_made_alike() -> None:
    """What the two sides' make-up alone would tell is undone."""
    english = "Dear @CAPS1, computers,books and @ORGANIZATION2's screens/phones help!"
    returned = "Dear @ CAPS1 , computers, books and @ ORGANIZATION2's screens / phones help !"

    assert asap.normalised(english) == asap.normalised(returned)
    assert "@" not in asap.normalised(english)


def test_biscope() -> None:
    """BiScope pairs lists of one length; models' answers to one prompt are independent."""
    files = {
        "Dataset/Essay/Essay_human.json": json.dumps(["unused"]).encode(),
        "Dataset/Essay/Essay_one.json": json.dumps([BRIDGE]).encode(),
        "Dataset/Essay/Essay_two.json": json.dumps([BAKERY]).encode(),
        "Dataset/Essay/Essay_three.json": json.dumps([BAKERY, BRIDGE]).encode(),
        "Paraphrased_Dataset/Essay/Essay_one.json": json.dumps([BRIDGE_RETOLD]).encode(),
        "Paraphrased_Dataset/Essay/Essay_three.json": json.dumps([BRIDGE_RETOLD]).encode(),
    }
    found = biscope.biscope(files)
    rewritten = [c for c in found.couples if c.relation == "automated_rewrite"]
    apart = [c for c in found.couples if c.relation == "independent"]

    assert [(c.source, c.tool) for c in rewritten] == [(BRIDGE, "one")]
    assert [(c.source, c.suspect) for c in apart] == [(BRIDGE, BAKERY)]


def test_mixset() -> None:
    """MixSet's outputs are paired with human or machine originals; completion is left out, and
    humanised text is a tool of its own.
    """
    human = {"category": "news", "HWT_sentence": BRIDGE, "gpt4_rewrite_output": BRIDGE_RETOLD}
    machine = {"category": "x", "MGT_sentence": BRIDGE, "llama_humanize_output": BRIDGE_RETOLD}
    found = polished.mixset(
        {
            "d/gpt4_rewrite.json": json.dumps([human]).encode(),
            "d/gpt4_complete.json": json.dumps([human]).encode(),
            "d/2llama_humanize.json": json.dumps([machine]).encode(),
        }
    )

    assert [(c.tool, c.genre) for c in found.couples] == [
        ("gpt-4", "news"),
        ("llama-2-humanize", "other"),
    ]


def test_ai_polished() -> None:
    """Polish to ten percent is a light edit if it is one in fact; above, a rewrite of that degree;
    replies that do neither, or that have no original, are left out.
    """
    light = BRIDGE.replace("Tuesday", "Wednesday")

    def replies(*texts: str) -> bytes:
        rows = [{"id": str(n), "generation": text} for n, text in enumerate(texts)]
        return table(rows)

    originals = [{"id": "0", "domain": "news", "generation": BRIDGE}]
    found = polished.ai_polished(
        {
            "data/HWT_original_data.csv": table(originals),
            "data/polished/polished_texts_10_gpt.csv": replies(light, light),
            "data/polished/polished_texts_1_llama2.csv": replies(BRIDGE_RETOLD),
            "data/polished/polished_texts_50_llama.csv": replies(BRIDGE_RETOLD),
            "data/polished/polished_texts_75_gpt.csv": replies(light),
            "data/polished/polished_texts_major_gpt.csv": replies(BRIDGE_RETOLD),
        }
    )
    facts = {(c.strength, c.relation, c.tool, str(c.degree)) for c in found.couples}

    assert facts == {
        ("polish 10", "copy", "gpt-4o", "0.1"),
        ("polish 50", "automated_rewrite", "llama-3-8b", "0.5"),
        ("polish major", "automated_rewrite", "gpt-4o", "nan"),
    }


def test_same_texts_share_their_key() -> None:
    """An original that two corpora hold has one key, so its pairs are split together."""
    mixset = {"category": "blog", "HWT_sentence": BRIDGE, "gpt4_rewrite_output": BRIDGE_RETOLD}
    one = polished.mixset({"d/gpt4_rewrite.json": json.dumps([mixset]).encode()})
    rows = [{"id": "7", "domain": "blog", "generation": BRIDGE}]
    other = polished.ai_polished({"data/HWT_original_data.csv": table(rows)})

    assert one.originals[0].key == other.originals[0].key


# ---- human writing


def article(site: str, title: str, body: str) -> bytes:
    """Write an article as the politics corpus has it."""
    record = {
        "source_url": site,
        "title": title,
        "topic": "bridges",
        "date": "2016-05-04",
        "content_original": body,
    }
    return json.dumps(record).encode()


def test_article_bias() -> None:
    """Background outlets make no originals; titles in the body, captions and what stands in many
    articles go.
    """
    sites = [f"www.paper{n}.example" for n in range(40)]
    pairs_site = next(site for site in sites if not is_background(site))
    word_list_site = next(site for site in sites if is_background(site))
    plea = "Support our newsroom."
    caption = "Photos: the bridge Hide Caption 1 of 9"
    body = f"Bridge shut\n\n{BRIDGE}\n\n{caption}\n\n{plea}"
    files = {
        f"data/jsons/{n}.json": article(pairs_site, "Other", f"{n} {BAKERY}\n\n{plea}")
        for n in range(4)
    }
    files["data/jsons/x.json"] = article(pairs_site, "Bridge Shut", body)
    files["data/jsons/y.json"] = article(word_list_site, "Bridge", BRIDGE)
    found = article_bias.article_bias(files).originals

    assert [o.text for o in found] == [f"{n} {BAKERY}" for n in range(4)] + [BRIDGE]
    assert found[-1].site == pairs_site.removeprefix("www.")
    assert found[-1].published == date(2016, 5, 4)


def test_onestop() -> None:
    """Three levels in Windows-1252 give three pairs, each from the harder text to the easier."""
    rows = [
        {"Elementary": "It’s shut.", "Intermediate": "It is\nclosed.", "Advanced": "It’s barred."},
        {"Elementary": "The end.", "Intermediate": "", "Advanced": "It remains so."},
    ]
    found = simplified.onestop({"Texts/bridge.csv": table(rows, "cp1252")})

    assert [(c.source, c.suspect) for c in found.couples] == [
        ("It’s barred.\n\nIt remains so.", "It is closed."),
        ("It’s barred.\n\nIt remains so.", "It’s shut.\n\nThe end."),
        ("It is closed.", "It’s shut.\n\nThe end."),
    ]
    assert {c.relation for c in found.couples} == {"human_rewrite"}
    assert {c.event for c in found.couples} == {"onestop bridge"}


def test_newswire() -> None:
    """Entities are read, lines are paragraphs, the first BBC line is the title, either encoding
    is read, and duplicates and shreds go.
    """
    wire = f"{BRIDGE}\r\nProfits at Hale &amp; Son fell.\r\n".encode()
    story = f"Bridge shut\n\n{BRIDGE}\n\nIt cost £4m.\n".encode("latin-1")
    found = newswire.c50({"C50train/Ann Author/1.txt": wire, "C50train/Ann Author/2.txt": b"Hm."})
    stories = newswire.bbc({"bbc/tech/1.txt": story, "bbc/tech/2.txt": story})

    assert [(o.text, o.topic) for o in found.originals] == [
        (f"{BRIDGE}\n\nProfits at Hale & Son fell.", "Ann Author")
    ]
    assert [(o.title, o.text) for o in stories.originals] == [
        ("Bridge shut", f"{BRIDGE}\n\nIt cost £4m.")
    ]


def test_versions() -> None:
    """Versions are paired with the next and with later ones, in lower case, without pictures; a
    light revision is a copy, a heavy one human rewriting; talk pages, repeats and replaced pages
    are left out.
    """
    heavy = BRIDGE_RETOLD + " " + " ".join(BRIDGE.split()[:30])
    texts = [BRIDGE, BRIDGE, BRIDGE + " It rained.", heavy, BAKERY]
    files = {f"version_documents/Old bridge/{n}.txt": text.encode() for n, text in enumerate(texts)}
    files["version_documents/Old bridge/1.txt"] += b"\n\nimage:bridge.jpg\n* a list"
    files |= {f"version_documents/Talk:Bridge/{n}.txt": BRIDGE.encode() for n in range(2)}
    found = versions.versions(files)

    assert [c.relation for c in found.couples] == ["copy", "human_rewrite", "human_rewrite"]
    assert all(c.suspect.islower() and c.source.islower() for c in found.couples)
    assert [o.event for o in found.originals] == ["versions Old bridge"]


def test_long_versions_are_cut() -> None:
    """A treatise is cut to its first paragraphs."""
    text = "\n\n".join([BRIDGE.lower()] * 40)

    assert len(versions._head(text).split()) <= versions._MOST_WORDS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["imbd", "sheepdog", "mixset", "onestop", "bbc"])
def test_real_corpora(name: str) -> None:
    """Each real corpus gives originals of its own name, and pairs of texts that differ."""
    mirror = corpora.default_mirror()
    if not mirror.is_dir():
        pytest.skip("no mirror of the corpora: set UNSPUN_MIRROR")
    found = READERS[name](corpora.load(name, mirror))

    assert {original.corpus for original in found.originals} == {name}
    assert len(found.originals) > 100
    assert all(couple.suspect != couple.source for couple in found.couples)


def test_lists_are_sorted() -> None:
    """The list of used files is sorted and without repeats, so that its diffs are readable."""
    path = corpora.LISTS / corpora.corpus("article_bias").listed
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")

    assert lines == sorted(set(lines))
