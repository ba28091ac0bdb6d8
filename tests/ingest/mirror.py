"""Where tests find the development corpora, which are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def archive(name: str) -> Path:
    """Find an archive of the mirror; skip the test where there is none."""
    folder = Path(os.environ.get("UNSPUN_MIRROR") or ROOT.parent / "shared" / "corpora")
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not in {folder}; set UNSPUN_MIRROR")
    return folder / name
