"""Take the pictures of the README: ``python tests/browser/screenshots.py REPORT OUT``.

REPORT is what ``unspun report`` wrote for a crawl, OUT a folder for the PNG files: the index, the
page of the first site, and the page of its first pair.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import chromium

SIZE = (1280, 1000)


def main(report: Path, out: Path) -> None:
    """Photograph index, site page and pair page in light; the pair page in dark as well."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = chromium.start(Path(profile), width=SIZE[0], height=SIZE[1])
        try:
            _shoot(browser, (report / "index.html").resolve().as_uri(), out / "report-index.png")
            _follow(browser, "#sites tbody a", out / "report-site.png")
            _follow(browser, ".reasons a", out / "report-pair.png", "#side-by-side")
            _dark(browser)
            _shoot(browser, browser.current_url, out / "report-pair-dark.png")
        finally:
            browser.quit()


def _shoot(browser: Any, address: str, path: Path, part: str = "") -> None:
    browser.get(address)
    if part:
        browser.execute_script(
            "document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant'});"
            "document.querySelector('.swapped[data-p]')?.focus({preventScroll: true});",
            part,
        )
    browser.save_screenshot(str(path))


def _follow(browser: Any, selector: str, path: Path, part: str = "") -> None:
    """Photograph the page that the first link of a kind leads to."""
    script = "return document.querySelector(arguments[0]).href"
    _shoot(browser, browser.execute_script(script, selector), path, part)


def _dark(browser: Any) -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
