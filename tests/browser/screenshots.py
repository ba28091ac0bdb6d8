"""Take the pictures of the README: ``python tests/browser/screenshots.py``.

Judges the bundled fictional crawl with the shipped model, and photographs the index of its report,
the page of one site and the page of one pair into ``docs/pictures``. Look at them before you commit
them: a refitted model may tell other things.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import chromium

OUT = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = {"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": False}
# The demo's synonym spinner: what it did can be seen without reading both texts.
SITE, ARTICLE = "infopulse24.example", "wireless beat"


def main(out: Path = OUT) -> None:
    """Judge the demo crawl and photograph its index, a site's page and a pair's."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = [sys.executable, "-m", "detector", "demo", "--out", f"{folder}/demo"]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
        browser = chromium.start(Path(folder, "profile"))
        try:
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SIZE)
            browser.get(Path(folder, "demo", "report", "index.html").as_uri())
            _shoot(browser, out / "report-index.png")
            _follow(browser, "#sites tbody a", SITE)
            _shoot(browser, out / "report-site.png")
            _follow(browser, ".reasons a", ARTICLE)
            _light_a_swap(browser)
            _shoot(browser, out / "report-pair.png")
        finally:
            browser.quit()


def _shoot(browser: Any, path: Path) -> None:
    browser.save_screenshot(str(path))
    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")


def _follow(browser: Any, selector: str, words: str) -> None:
    """Open the first link of a kind whose text holds the words."""
    links = browser.find_elements("css selector", selector)
    link = next(link for link in links if words in link.text)
    browser.get(link.get_attribute("href"))


def _light_a_swap(browser: Any) -> None:
    """Show the texts side by side, with a swapped word and its counterpart lit."""
    browser.execute_script(
        "document.querySelector('#side-by-side').scrollIntoView({behavior: 'instant'});"
        "document.querySelector('.swapped[data-p]')?.focus({preventScroll: true});"
    )


if __name__ == "__main__":
    main()
