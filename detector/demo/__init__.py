"""The example crawl: one week of fictional news, as a feed, a JSON lines file and a WARC file.

Every town, person, company and outlet in it is invented, and the texts were written for this
project. Which article was made from which is stated in the tests, not here: the demo judges the
crawl like any other.
"""

from __future__ import annotations

from pathlib import Path


def crawl() -> Path:
    """Give the folder that holds the example crawl and nothing else.

    Returns
    -------
    folder of ``feed.xml``, ``articles.jsonl`` and ``pages.warc``, beside this module
    """
    return Path(__file__).parent / "crawl"
