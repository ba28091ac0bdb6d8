"""A real headless Chromium, driven by Selenium; it tells its complaints and its requests."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
# Chromium asks for updates and the like at its start; without these flags the requests of a page
# could not be told from the browser's own.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
)
# axe-core reads a page of a megabyte in 5 s; on a busy machine it may take its time.
SCRIPT_SECONDS = 120
AXE = (
    os.environ.get("UNSPUN_AXE", ""),
    "build/node_modules/axe-core/axe.min.js",
    "node_modules/axe-core/axe.min.js",
)


def missing() -> str:
    """Name what browser tests need and is not here, "" where all is."""
    wanted = {"chromium": BROWSER, "chromedriver": DRIVER, "selenium": _selenium()}
    return ", ".join(name for name, found in wanted.items() if not found)


def _selenium() -> bool:
    from importlib.util import find_spec

    return find_spec("selenium") is not None


def axe() -> Path | None:
    """Find axe-core: by UNSPUN_AXE, or where npm puts it under the checkout."""
    root = Path(__file__).resolve().parents[2]
    places = (root / place for place in AXE if place)
    return next((place for place in places if place.is_file()), None)


def start(profile: Path, *, width: int = 1280, height: int = 900) -> Any:
    """Start the browser with an empty profile; the caller quits it."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(executable_path=DRIVER))
    browser.set_script_timeout(SCRIPT_SECONDS)
    return browser


def complaints(browser: Any) -> list[str]:
    """Give what the console said since it was last asked."""
    return [entry["message"] for entry in browser.get_log("browser")]


def requests(browser: Any) -> list[str]:
    """Give the addresses asked for since it was last asked, those of files and data aside."""
    messages = (json.loads(e["message"])["message"] for e in browser.get_log("performance"))
    sent = (m["params"] for m in messages if m["method"] == "Network.requestWillBeSent")
    urls = (params["request"]["url"] for params in sent)
    return [url for url in urls if not url.startswith(("file:", "data:", "chrome:", "about:"))]
