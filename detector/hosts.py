"""URLs and hosts: the canonical form of an address and the site that it belongs to."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Parameters that say how a reader came to a page and never which page it is. Each is documented
# by the service that adds it. A parameter that could select content stays.
_TRACKING = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|custom\d|link\w+|bbc_team|format|ptr_name)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id"
    r"|_g[al]|_hs(?:enc|mi)|mkt_tok|oly_(?:anon|enc)_id|vero_id|ref_(?:src|url)"
    r"|cmp|cmpid|ncid|ocid|ito|smid|smtyp|ftag|wt\.mc_id|__twitter_impression)",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a path or a query may hold unescaped; "%" keeps what is escaped already.
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
_BARE_ADDRESS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
# Browsers and servers agree on some 2,000; a longer one is no address, and the encoding of
# international hosts takes quadratic time.
_LONGEST_ADDRESS = 4096
_CONTROLS = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]+")


def canonical_url(url: str, *, base: str = "") -> str:
    """Give the one spelling of a web address that equal pages share.

    The host becomes lower-case ASCII; fragment, credentials, default port and
    tracking parameters go; the order of the other parameters stays.

    Parameters
    ----------
    url : an absolute address, one without a scheme, or one relative to `base`
    base : the address of the document that names `url`

    Returns
    -------
    str
        "" for what is no web address (other schemes, no host, broken, longer than
        any server takes).

    Examples
    --------
    >>> canonical_url("HTTP://News.Example.com:80/a?utm_source=x&id=7#top")
    'http://news.example.com/a?id=7'
    """
    if len(url) > _LONGEST_ADDRESS:
        return ""
    spelled = _CONTROLS.sub(" ", url).strip()
    if not base and spelled.startswith("//"):
        spelled = f"https:{spelled}"
    elif not base and "://" not in spelled and _BARE_ADDRESS.match(spelled):
        spelled = f"http://{spelled}"
    try:
        parts = urlsplit(urljoin(base, spelled) if base else spelled)
        return _assembled(parts)
    except ValueError:
        return ""


def _assembled(parts: SplitResult) -> str:
    """Join the parts that identify a page; raise ValueError for a broken host or port."""
    scheme = parts.scheme.lower()
    host = _ascii_host(parts.hostname or "")
    if scheme not in _DEFAULT_PORTS or not host:
        return ""
    port = parts.port
    place = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = quote(parts.path, safe=_SAFE) or "/"
    query = "&".join(part for part in parts.query.split("&") if part and not _tracks(part))
    return urlunsplit((scheme, place, path, quote(query, safe=_SAFE), ""))


def _tracks(parameter: str) -> bool:
    """Tell a tracking parameter from one that selects content."""
    return _TRACKING.fullmatch(parameter.partition("=")[0]) is not None


def _ascii_host(host: str) -> str:
    """Lower-case a host and give international names their ASCII spelling."""
    lowered = host.lower().rstrip(".")
    if ":" in lowered:
        return f"[{ip_address(lowered)}]"
    spelled = lowered if lowered.isascii() else lowered.encode("idna").decode("ascii").lower()
    return spelled if _HOST.fullmatch(spelled) else ""


def site_of(url: str) -> str:
    """Name the registrable domain of a web address, or of a bare host.

    Parameters
    ----------
    url : canonical or not; a host alone will do

    Returns
    -------
    str
        Lower case. Under a host where anyone can open a site, such as those of
        blogs, each is a site of its own. An address without a public suffix gives its host; "" when
        there is no host.

    Examples
    --------
    >>> site_of("https://www.news.example.co.uk/story")
    'example.co.uk'
    """
    host = urlsplit(canonical_url(url)).hostname or ""
    return _registrable(host) if host else ""


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str:
    """Look a host up in the list of public suffixes.

    Where no rule matches, the list's own default rule holds: the last label is the suffix.
    """
    found = _suffix_list()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    return host if _is_address(host) else ".".join(host.split(".")[-2:])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffix_list() -> TLDExtract:
    """Load the list that the package carries; never download one, never write a cache."""
    from tldextract import TLDExtract  # noqa: PLC0415 - slow, and not needed by every command

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
