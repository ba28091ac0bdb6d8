"""System packages that some tests need, which skip without them."""

from __future__ import annotations

import pytest

from training.rewriters import thesaurus


def needs_thesauri() -> None:
    """Skip where the system's thesauri are not installed."""
    for path, package in ((thesaurus.MYTHES, "mythes-en-us"), (thesaurus.WORDNET, "wordnet-base")):
        if not path.exists():
            pytest.skip(f"{path} is missing: install {package}")
