"""The example crawl is what the demo says it is, read here by other means than the detector's."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from detector.demo import crawl

EXPECTED = Path(__file__).parent / "golden" / "demo_expected.json"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True)
class Story:
    """One article of the crawl, as these simple readers see it."""

    url: str
    title: str
    published: datetime
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Give the words in lower case, without punctuation."""
        return re.findall(r"[^\W_]+", " ".join(self.paragraphs).lower())


def feed_stories() -> Iterator[Story]:
    """Read the items of the feed."""
    for item in etree.parse(crawl() / "feed.xml").iterfind(".//item"):
        body = html.fromstring(f"<div>{item.findtext(CONTENT)}</div>")
        paragraphs = tuple(p.text_content() for p in body.findall("p"))
        published = parsedate_to_datetime(str(item.findtext("pubDate")))
        url, title = str(item.findtext("link")), str(item.findtext("title"))
        yield Story(url, title, published, paragraphs)


def json_lines() -> list[str]:
    """Give the lines of the JSON lines file."""
    return (crawl() / "articles.jsonl").read_text("utf-8").splitlines()


def line_story(line: str) -> Story:
    """Read one JSON line."""
    record = json.loads(line)
    published = datetime.fromisoformat(record["date_publish"]).replace(tzinfo=UTC)
    return Story(record["url"], record["title"], published, tuple(record["maintext"].split("\n")))


def rejected_lines() -> dict[int, dict[str, str | None]]:
    """Give the lines that cannot be judged, by index."""
    rows = json.loads(EXPECTED.read_text("utf-8"))["rejected"]
    return {int(row["position"].removeprefix("line ")) - 1: row for row in rows}


def warc_records() -> Iterator[tuple[dict[str, str], bytes]]:
    """Walk the WARC file by its own Content-Lengths."""
    data = (crawl() / "pages.warc").read_bytes()
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.0"
        fields = dict(line.split(": ", 1) for line in lines)
        length = int(fields["Content-Length"])
        yield fields, data[:length]
        assert data[length : length + 4] == b"\r\n\r\n"
        data = data[length + 4 :]


def warc_stories() -> Iterator[Story]:
    """Read the pages of the WARC file."""
    for fields, block in warc_records():
        if fields["WARC-Type"] != "response":
            continue
        page = html.fromstring(block.partition(b"\r\n\r\n")[2])
        paragraphs = tuple(p.text_content() for p in page.find_class("article-body")[0])
        published = datetime.fromisoformat(page.xpath("//time/@datetime")[0])
        yield Story(fields["WARC-Target-URI"], page.findtext(".//h1"), published, paragraphs)


@cache
def stories() -> dict[str, Story]:
    """Give every article that can be judged, by URL."""
    lines = [line for i, line in enumerate(json_lines()) if i not in rejected_lines()]
    found = [*feed_stories(), *map(line_story, lines), *warc_stories()]
    assert len({story.url for story in found}) == len(found)
    return {story.url: story for story in found}


def expected() -> list[dict[str, object]]:
    """Give the answers, one an article."""
    return list(json.loads(EXPECTED.read_text("utf-8"))["articles"])


def derived(relation: str, family: str | None = None) -> list[tuple[Story, list[Story]]]:
    """Give the articles of one relation with their sources."""
    return [
        (stories()[str(row["url"])], [stories()[url] for url in row["sources"]])  # type: ignore[attr-defined]
        for row in expected()
        if row["relation"] == relation and family in (None, row.get("family"))
    ]


def shingles(story: Story, size: int = 5) -> set[tuple[str, ...]]:
    """Give the runs of words of one size."""
    words = story.words
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def shared(suspect: Story, source: Story, size: int = 5) -> float:
    """Give the share of the suspect's runs of words that the source has too."""
    own = shingles(suspect, size)
    return len(own & shingles(source, size)) / len(own)


def figures(story: Story) -> Counter[str]:
    """Count the numbers written in figures."""
    return Counter(re.findall(r"\d[\d.,]*\d|\d", " ".join(story.paragraphs)))


def test_crawl_holds_at_least_34_articles_of_at_least_9_sites() -> None:
    """The crawl is large enough to show every relation beside untouched articles."""
    sites = {".".join(urlsplit(url).netloc.split(".")[-2:]) for url in stories()}

    assert len(stories()) >= 34
    assert len(sites) >= 9


def test_crawl_is_a_feed_a_table_and_an_archive_of_pages() -> None:
    """Each of the three kinds of file holds its part, and the folder holds nothing else."""
    assert sorted(path.name for path in crawl().iterdir()) == [
        "articles.jsonl",
        "feed.xml",
        "pages.warc",
    ]
    assert len(list(feed_stories())) >= 14
    assert len(json_lines()) >= 14
    assert len(list(warc_stories())) >= 8


def test_every_article_has_exactly_one_expected_answer() -> None:
    """The table of answers names each article of the crawl once, and no other."""
    answers = [str(row["url"]) for row in expected()]

    assert sorted(answers) == sorted(stories())


def test_articles_are_of_the_length_of_news() -> None:
    """Articles run to 250 to 450 words, an excerpt to less."""
    excerpts = {suspect.url for suspect, _ in derived("excerpt")}
    lengths = {s.url: len(" ".join(s.paragraphs).split()) for s in stories().values()}

    assert all(250 <= n <= 460 for url, n in lengths.items() if url not in excerpts)
    assert all(150 <= lengths[url] < 250 for url in excerpts)


def test_articles_are_dated_within_one_week_and_sources_come_first() -> None:
    """Every article has a time, and each derived article is later than all its sources."""
    times = [story.published for story in stories().values()]

    assert max(times) - min(times) < timedelta(days=7)
    for row in expected():
        for url in row["sources"]:  # type: ignore[attr-defined]
            assert stories()[str(url)].published < stories()[str(row["url"])].published


@pytest.mark.parametrize(
    ("relation", "count"),
    [("copy", 3), ("excerpt", 1), ("human_rewrite", 1), ("independent", 1)],
)
def test_crawl_holds_every_relation_that_is_not_flagged(relation: str, count: int) -> None:
    """Each honest relation is present, and none of its articles is expected to be flagged."""
    rows = [row for row in expected() if row["relation"] == relation]

    assert len(rows) >= count
    assert not any(row["flagged"] for row in rows)


@pytest.mark.parametrize(
    ("family", "count"),
    [("synonym_spinner", 3), ("round_trip_translation", 2), ("language_model", 4)],
)
def test_crawl_holds_every_family_of_machine(family: str, count: int) -> None:
    """Each family of automated rewrite is present, and each of its articles is to be flagged."""
    rows = [row for row in expected() if row.get("family") == family]

    assert len(rows) >= count
    assert all(row["flagged"] for row in rows)


def test_verbatim_copies_repeat_headline_and_paragraphs() -> None:
    """Two copies have the source's headline and all its paragraphs, plus one line of credit."""
    copies = [(copy, sources[0]) for copy, sources in derived("copy")]
    verbatim = [(copy, source) for copy, source in copies if copy.title == source.title]

    assert len(verbatim) == 2
    for copy, source in verbatim:
        own = [p for p in source.paragraphs if not p.startswith("The post ")]
        assert list(copy.paragraphs[:-1]) == own
        assert copy.paragraphs[-1].startswith("Republished with permission")


def test_edited_copy_has_another_headline_american_spelling_and_a_cut() -> None:
    """The edited copy differs by headline, spelling and one paragraph, and by nothing else."""
    ((copy, source),) = [(c, s[0]) for c, s in derived("copy") if c.title != s[0].title]
    changed = set(copy.words) - set(source.words)

    assert len(copy.paragraphs) == len(source.paragraphs) - 1
    assert changed == {
        *("color", "organized", "program", "center", "neighbors"),
        *("labor", "favor", "gray"),
    }


def test_excerpt_is_the_beginning_of_its_source() -> None:
    """The excerpt repeats the first paragraphs word for word and points to the rest."""
    ((excerpt, (source,)),) = derived("excerpt")
    kept = len(excerpt.paragraphs) - 1

    assert excerpt.paragraphs[:kept] == source.paragraphs[:kept]
    assert kept < len(source.paragraphs) - 2


def test_independent_reports_share_their_quotations_and_little_else() -> None:
    """Two reports of one event have two quotations in common and hardly a run of words besides."""
    ((suspect, (source,)),) = derived("independent")
    quotations = (
        "The roof came down eleven minutes after the last person walked out",
        "After that I shall have to see what is left",
    )

    for quotation in quotations:
        assert quotation in " ".join(suspect.paragraphs)
        assert quotation in " ".join(source.paragraphs)
    assert 0.05 < shared(suspect, source) < 0.25


def test_human_rewrite_shares_facts_and_reorders_them() -> None:
    """The rewritten story keeps most figures of its source and few of its runs of words."""
    ((suspect, (source,)),) = derived("human_rewrite")

    assert len(set(figures(suspect)) & set(figures(source))) >= 5
    assert shared(suspect, source) < 0.2
    assert len(suspect.words) < len(source.words)


def test_machine_rewrites_keep_figures_and_lose_wording() -> None:
    """A rewrite by machine repeats nearly all figures of its source in other words."""
    for suspect, sources in derived("automated_rewrite"):
        known = sum((figures(source) for source in sources), Counter[str]())
        assert (figures(suspect) & known).total() >= 0.85 * figures(suspect).total()
        assert sum(shared(suspect, source) for source in sources) < 0.6


def test_spun_articles_keep_their_paragraphs() -> None:
    """A synonym spinner changes words only, so paragraphs stay equal in number and order."""
    for suspect, (source,) in derived("automated_rewrite", "synonym_spinner"):
        own = [p for p in source.paragraphs if not p.startswith("The post ")]
        assert len(suspect.paragraphs) == len(own)
        assert 0.2 < len(set(suspect.words) - set(source.words)) / len(set(suspect.words)) < 0.7


def test_one_article_is_made_of_two_sources() -> None:
    """Exactly one article draws on two sources, on both of them in earnest."""
    made = [(s, sources) for s, sources in derived("automated_rewrite") if len(sources) == 2]

    assert len(made) == 1
    suspect, sources = made[0]
    for source in sources:
        assert len(set(figures(suspect)) & set(figures(source))) >= 4


def test_most_machine_rewrites_are_on_one_site() -> None:
    """One content farm holds more than half of the automated rewrites."""
    sites = Counter(row["site"] for row in expected() if row["relation"] == "automated_rewrite")

    assert sites.most_common(1)[0][1] > sites.total() / 2


def test_untouched_articles_share_no_run_of_words() -> None:
    """No original repeats eight words of another, but for a line of boilerplate."""
    originals = [stories()[str(row["url"])] for row in expected() if row["relation"] is None]

    assert len(originals) >= 18
    for i, one in enumerate(originals):
        for other in originals[:i]:
            assert shared(one, other, size=8) < 0.04


def test_rejected_lines_are_broken_short_and_foreign() -> None:
    """The three lines that cannot be judged are what the table says they are."""
    by_reason = {row["reason"]: json_lines()[i] for i, row in rejected_lines().items()}

    with pytest.raises(json.JSONDecodeError):
        json.loads(by_reason[None])
    assert len(line_story(by_reason["fewer_than_40_words"]).words) == 20
    assert {"el", "los", "que"} <= set(line_story(by_reason["not_english"]).words)


def test_warc_blocks_are_complete_http_responses() -> None:
    """Each response of the WARC file has the length of body that its headers declare."""
    blocks = [block for fields, block in warc_records() if fields["WARC-Type"] == "response"]

    for block in blocks:
        head, _, body = block.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
