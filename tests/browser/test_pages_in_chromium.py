"""The pages as a person meets them, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import chromium
import pytest
from invented_crawl import confusion, crawl, write_batch

from detector.pages import crawl_report

PAGES = ("pair.html", "hostile.html", "report/index.html", "site", "report pair")
# Pages on which every field of an article wants to be more than text.
HOSTILE_PAGES = ("hostile.html", "report/index.html", "hostile site", "hostile report pair")
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
# Seconds that a table of 20,000 rows may take to answer on a machine that is busy otherwise; an
# idle one takes a tenth.
PATIENCE = 10.0


def address(pages: Path, name: str) -> str:
    """Give the address of a page; site and pair pages have made-up names."""
    if name == "site":
        return next((pages / "report" / "sites").glob("quickveyra*")).as_uri()
    if name == "report pair":
        return next((pages / "report" / "pairs").glob("rapid-0*")).as_uri()
    if name == "hostile site":
        return next((pages / "report" / "sites").glob("evil*")).as_uri()
    if name == "hostile report pair":
        return next((pages / "report" / "pairs").glob("script*")).as_uri()
    return (pages / name).as_uri()


def find(browser: Any, selector: str) -> list[Any]:
    """Give all elements that a selector finds."""
    found: list[Any] = browser.find_elements("css selector", selector)
    return found


def column(browser: Any, table: str, place: int) -> list[str]:
    """Give the visible cells of a table's column, counted from 1."""
    return [e.text for e in find(browser, f"{table} tbody td:nth-child({place})")]


def choose(browser: Any, selector: str, value: str) -> None:
    """Set an input or a select as a person would, and tell the page."""
    browser.execute_script(
        "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
        "e.dispatchEvent(new Event('input', {bubbles: true}));",
        selector,
        value,
    )


# ---------------------------------------------------------------- every page


@pytest.mark.parametrize("name", [*PAGES, *HOSTILE_PAGES[2:]])
def test_a_page_opens_in_silence(browser: Any, pages: Path, name: str) -> None:
    """No page writes to the console, asks anything of a network, or lets a script of others run."""
    browser.get(address(pages, name))

    assert chromium.complaints(browser) == []
    assert chromium.requests(browser) == []
    assert browser.title != "owned"
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_fault(browser: Any, pages: Path, name: str, scheme: str) -> None:
    """Contrast, names, roles and order hold in light and in dark, by axe-core."""
    axe = chromium.axe()
    if axe is None:
        pytest.skip("axe-core is not installed: npm install --prefix build axe-core")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(address(pages, name))
    # Not through the page's policy, which would refuse it.
    browser.execute_script(axe.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']})"
        ".then((r) => done(r.violations), (e) => done([{id: String(e), impact: 'critical'}]));"
    )

    assert [
        (v["id"], [n["html"] for n in v.get("nodes", [])][:2])
        for v in found
        if v["impact"] in ("serious", "critical", "moderate")
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen(browser: Any, pages: Path, name: str) -> None:
    """On a telephone nothing but a table or a chart scrolls sideways."""
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(address(pages, name))

    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360


# ---------------------------------------------------------------- the pair page


def lit(browser: Any) -> dict[str, list[str]]:
    """Give the lit pieces by side."""
    return {
        side: [e.text for e in find(browser, f'[data-side="{side}"] .hot')]
        for side in ("suspect", "source")
    }


def test_pointing_lights_the_counterpart(browser: Any, pages: Path) -> None:
    """Pointing at a swapped word lights it and the word that it stands for."""
    from selenium.webdriver import ActionChains

    browser.get(address(pages, "pair.html"))
    first = find(browser, '[data-side="suspect"] .swapped')[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", first)
    ActionChains(browser).move_to_element(first).perform()

    assert lit(browser) == {"suspect": ["shut"], "source": ["close"]}
    assert find(browser, "#counterpart")[0].text == "swapped: source “close” → suspect “shut”"


def test_the_keyboard_reaches_every_piece(browser: Any, pages: Path) -> None:
    """One tab stop leads into the texts, arrows go on, and Enter jumps to the counterpart."""
    from selenium.webdriver.common.keys import Keys

    browser.get(address(pages, "pair.html"))
    assert len(find(browser, '#sides [tabindex="0"]')) == 1
    browser.execute_script("document.querySelector('#sides [tabindex=\"0\"]').focus()")
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)

    assert lit(browser) == {"suspect": ["shut"], "source": ["close"]}
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.text == "close"
    assert lit(browser) == {"suspect": ["shut"], "source": ["close"]}


def test_marks_are_told_apart_without_colour(browser: Any, pages: Path) -> None:
    """Each kind of mark has a sign of its own."""
    browser.get(address(pages, "pair.html"))
    signs = browser.execute_script(
        "return [...document.querySelectorAll('.legend mark')]"
        ".map((e) => getComputedStyle(e, '::before').content.split('/')[0].trim());"
    )

    assert len(set(signs)) == len(signs) == 5


def test_hostile_text_is_shown(browser: Any, pages: Path) -> None:
    """Tags of an article stand on the page as they were written, a megabyte on one line too."""
    browser.get(address(pages, "hostile.html"))
    text = browser.execute_script("return document.body.innerText")

    assert 'document.title = "owned"' in text
    assert text.count("word") > 100_000
    assert browser.execute_script("return document.images.length") == 0


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_nothing_of_an_article_becomes_part_of_a_page(browser: Any, pages: Path, name: str) -> None:
    """No handler, link, picture or direction of an article's making stands on any page."""
    browser.get(address(pages, name))
    handlers, addresses, text = browser.execute_script(
        "const all = [...document.querySelectorAll('*')];"
        "return [all.flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on')),"
        "all.map((e) => e.getAttribute('href') || e.getAttribute('src') || ''),"
        "document.documentElement.outerHTML];"
    )

    assert handlers == []
    assert not [a for a in addresses if a.strip().lower().startswith("javascript")]
    assert not [a for a in addresses if "tracker.example" in a]
    assert browser.execute_script("return document.images.length") == 0
    assert OVERRIDE not in text


def test_pointing_at_hostile_words_runs_nothing(browser: Any, pages: Path) -> None:
    """A piece that holds a handler's text shows its counterpart and opens no dialogue."""
    browser.get(address(pages, "hostile.html"))
    browser.execute_script(
        "const piece = document.querySelector('[data-side=suspect] [data-p]');"
        "for (const kind of ['pointerover', 'mouseover', 'mouseenter', 'focusin'])"
        "  piece.dispatchEvent(new MouseEvent(kind, {bubbles: true}));"
    )

    assert browser.title != "owned"
    assert chromium.complaints(browser) == []
    assert find(browser, "#counterpart")[0].is_displayed()


def test_print_shows_the_texts(browser: Any, pages: Path) -> None:
    """On paper the controls go and the marks stay."""
    browser.get(address(pages, "pair.html"))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    assert not find(browser, "#counterpart")[0].is_displayed()
    assert find(browser, ".swapped")[0].is_displayed()


# ---------------------------------------------------------------- the crawl


def test_filters_narrow_the_table(browser: Any, pages: Path) -> None:
    """Verdict, score and search each leave what fits, and together what fits all."""
    browser.get(address(pages, "report/index.html"))
    choose(browser, "#articles [data-filter=told]", "5")

    assert set(column(browser, "#articles", 1)) == {"rewritten by machine"}
    choose(browser, "#articles [data-filter=score]", "95")
    assert all(int(s.split()[0]) >= 95 for s in column(browser, "#articles", 2))
    choose(browser, "#articles [data-filter=search]", "QUICK rapid-13")
    assert column(browser, "#articles", 3) == ["Tram depot to close (rapid-13)"]
    assert find(browser, "#articles [role=status]")[0].text == "1–1 of 1"
    choose(browser, "#articles [data-filter=search]", "no such words")
    assert find(browser, "#articles [role=status]")[0].text == "nothing matches"


def test_heads_sort_the_table(browser: Any, pages: Path) -> None:
    """A head sorts by its column, again the other way round, and says so."""
    browser.get(address(pages, "report/index.html"))
    head = find(browser, "#sites thead th:nth-child(2)")[0]
    head.find_element("css selector", "button").click()
    names = column(browser, "#sites", 2)

    assert names == sorted(names)
    assert head.get_attribute("aria-sort") == "ascending"
    head.find_element("css selector", "button").click()
    assert column(browser, "#sites", 2) == names[::-1]
    assert head.get_attribute("aria-sort") == "descending"


def test_the_table_is_paged(browser: Any, pages: Path) -> None:
    """Fifty rows a page; the buttons go on and back and stop at the ends."""
    browser.get(address(pages, "report/index.html"))
    back, on = find(browser, "#articles .pager button")

    assert len(column(browser, "#articles", 1)) == 50
    assert not back.is_enabled()
    on.click()
    assert find(browser, "#articles [role=status]")[0].text.startswith("51–")
    assert not on.is_enabled()
    back.click()
    assert find(browser, "#articles [role=status]")[0].text.startswith("1–50 of ")


def test_links_lead_from_index_to_pair_and_back(browser: Any, pages: Path) -> None:
    """From the index to a site, to a pair, back to the site, by following links."""
    browser.get(address(pages, "report/index.html"))
    find(browser, "#sites tbody a")[0].click()
    assert "quickveyra.example: content farm" in browser.title
    find(browser, ".reasons a")[0].click()
    assert "Rewritten by machine" in find(browser, "h1")[0].text
    find(browser, ".top a")[0].click()

    assert "quickveyra.example" in browser.title


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that something takes."""
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_twenty_thousand_verdicts_answer_at_once(browser: Any, tmp_path: Path) -> None:
    """An index of 20,000 verdicts opens, searches and sorts without making a person wait."""
    one = crawl()[20]
    told = [
        replace(one, id=f"a{i}", suspect=replace(one.suspect, id=f"a{i}", title=f"Story {i}"))
        for i in range(20_000)
    ]
    write_batch(tmp_path, told)
    index = crawl_report(tmp_path, confusion(), pairs=0).as_uri()
    button = "#articles thead th:nth-child(3) button"

    assert timed(lambda: browser.get(index)) < PATIENCE
    search = "#articles [data-filter=search]"
    assert timed(lambda: choose(browser, search, "19999")) < PATIENCE
    assert column(browser, "#articles", 3) == ["Story 19999"]
    choose(browser, search, "")
    assert timed(find(browser, button)[0].click) < PATIENCE
    assert column(browser, "#articles", 3)[0] == "Story 0"
