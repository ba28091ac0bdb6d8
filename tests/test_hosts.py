from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import hosts
from detector.hosts import canonical_url, site_of

SPELLINGS = {
    "HTTP://News.Example.com:80/a?utm_source=x&id=7#top": "http://news.example.com/a?id=7",
    "https://reader:secret@example.com:443/a": "https://example.com/a",
    "https://example.com:8443/a": "https://example.com:8443/a",
    "https://example.com": "https://example.com/",
    "example.com/story": "http://example.com/story",
    "//example.com/story": "https://example.com/story",
    "https://example.com/a b?q=c d": "https://example.com/a%20b?q=c%20d",
    "https://example.com/%e2%82%ac": "https://example.com/%e2%82%ac",
    "https://bücher.example.de/ä": "https://xn--bcher-kva.example.de/%C3%A4",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
    "https://example.com./a": "https://example.com/a",
    "https://example.com/a?fbclid=1&GCLID=2&page=3&at_medium=rss": "https://example.com/a?page=3",
    "https://example.com/a?ref=home&cmp=": "https://example.com/a?ref=home",
}
NO_ADDRESS = (
    "", "javascript:alert(1)", "mailto:desk@example.com", "ftp://example.com/a", "/story",
    "http://", "http://[bad/", "http://a:99999/", "http://exa mple.com/", "http://a..b/", "Reuters",
    "\ud800",
)  # fmt: skip
SITES = {
    "https://www.harbourpost.example/story": "harbourpost.example",
    "https://www.news.example.co.uk/story": "example.co.uk",
    "https://Example.com/": "example.com",
    "www.example.com": "example.com",
    "http://192.0.2.7/x": "192.0.2.7",
    "http://localhost:9/": "localhost",
    "https://daily.blogspot.com/x": "daily.blogspot.com",
    "no host at all": "",
}


@pytest.mark.parametrize(("url", "expected"), SPELLINGS.items())
def test_spellings_of_one_address_become_one(url: str, expected: str) -> None:
    """Case, credentials, default port, fragment and tracking never part two equal addresses."""
    assert canonical_url(url) == expected


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_web_address_is_empty(url: str) -> None:
    """Other schemes, broken hosts and mere words give no address."""
    assert canonical_url(url) == ""


def test_a_relative_address_is_completed_by_its_document() -> None:
    """A feed's relative link is read against the feed's own address."""
    assert (
        canonical_url("../x?id=1", base="https://example.com/a/feed")
        == "https://example.com/x?id=1"
    )


@given(st.text(max_size=60) | st.from_regex(r"https?://[\w.:@%-]{1,20}/[\w?&=#%;./ -]{0,30}"))
def test_canonical_is_idempotent_and_never_fails(url: str) -> None:
    """Making an address canonical twice is making it canonical once."""
    once = canonical_url(url)

    assert canonical_url(once) == once
    assert "#" not in once.partition("?")[0]


@pytest.mark.parametrize(("url", "expected"), SITES.items())
def test_the_site_is_the_registrable_domain(url: str, expected: str) -> None:
    """Subdomains belong to their site; blogs on a shared host are sites of their own."""
    assert site_of(url) == expected


def test_the_suffix_list_is_never_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site is named with the network cut."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    hosts._suffix_list.cache_clear()
    hosts._registrable.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert site_of("https://a.example.com.au/") == "example.com.au"
