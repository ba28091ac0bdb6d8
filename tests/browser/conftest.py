"""Where the browser's tests find the invented crawl, and one browser for all of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "pages"))

import chromium
from invented_crawl import confusion, crawl, hostile_verdict, spun_verdict, write_batch

from detector.pages import crawl_report, pair_page


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a pair page, a hostile pair page, and the report of the invented crawl."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "pair.html").write_text(pair_page(spun_verdict()), encoding="utf-8")
    (folder / "hostile.html").write_text(pair_page(hostile_verdict()), encoding="utf-8")
    write_batch(folder, [*crawl(), hostile_verdict()])
    crawl_report(folder, confusion())
    return folder


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start one browser for all tests."""
    if chromium.missing():
        pytest.skip(f"not installed: {chromium.missing()}")
    started = chromium.start(tmp_path_factory.mktemp("profile"))
    yield started
    started.quit()


@pytest.fixture
def browser(driver: Any) -> Any:
    """Give the browser with nothing left of the test before."""
    driver.get("about:blank")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    chromium.complaints(driver)
    chromium.requests(driver)
    return driver
