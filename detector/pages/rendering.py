"""From templates to whole pages: escaping, the content policy, and what text may hold."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import detector
from detector.pages import wording

TEMPLATES = Path(__file__).parent / "templates"
# What every page says of its maker, and a report is known by.
GENERATOR = Markup('<meta name="generator" content="unspun">')
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_page(path: Path) -> bool:
    """Tell whether a file is a page of ours; one that cannot be read is not known to be."""
    try:
        return GENERATOR in path.read_text("utf-8", errors="replace")
    except OSError:
        return False


def render(template: str, *, script: str = "", **context: Any) -> str:
    """Fill a template and put style, script and policy into it; the page needs no other file.

    Parameters
    ----------
    template : name in the folder of templates
    script : name of the page's script there, "" for none
    context : what the template is filled with
    """
    style, code = _asset("style.css"), _asset(script) if script else ""
    return _environment().get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(code),  # noqa: S704
        policy=_policy(style, code),
        generator=GENERATOR,
        version=detector.__version__,
        **context,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        shown=shown,
        link=link,
        number=wording.number,
        percent=wording.percent,
        interval=wording.interval,
        moment=wording.moment,
        words=wording.spoken,
    )
    return environment


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return "\n" + (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Allow this style and this script and nothing else: no request, no frame, no form."""
    allowed = f"script-src '{_digest(script)}'; " if script else ""
    return (
        f"default-src 'none'; {allowed}style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# ---------------------------------------------------------------- foreign text


def shown(text: str) -> str:
    r"""Replace what would steer the page's text: controls, direction overrides, lone surrogates.

    The length stays, and so do all offsets.

    >>> shown("safe\u202egpj")
    'safe�gpj'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(REPLACEMENT if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    if character in "\n\t\u200c\u200d":  # joiners make up emoji and Indic letters
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def link(url: str) -> str:
    """Give an address that may be followed, "" for every other.

    >>> link("javascript:alert(1)"), link("https://harbour.example/a")
    ('', 'https://harbour.example/a')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def data(value: object) -> Markup:
    r"""Write plain data as JSON for a script element, which nothing in it can end.

    >>> print(data("</script>"))
    "\u003c/script>"
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704 - no "<" is left in it
