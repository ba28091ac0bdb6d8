"""Pages for people: one pair side by side, a crawl, a site. Static, offline, nothing fetched.

Text from articles is foreign. It enters a page through an escaping template or, as data, through
JSON that no tag can end; the page's policy lets no script run but its own, by hash.
"""

from detector.pages.crawl import crawl_report
from detector.pages.pair import pair_page

__all__ = ["crawl_report", "pair_page"]
