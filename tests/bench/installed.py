"""How much the base installation takes on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import detector
from detector.lexicon import models_folder

OURS = "unspun"
SHOWN = 5  # of the largest
# Of a checkout, what the wheel leaves out.
_LEFT_OUT = {".png", ".svg", ".pyc"}


def install_size() -> dict[str, Any]:
    """Add up the files of the package and of all that it needs without any extra.

    Returns
    -------
    dict
        ``megabytes`` in all (of 10^6 bytes), ``distributions``, and the ``largest`` by name.
    """
    sizes = {name: sum(_bytes(name, found)) / 1e6 for name, found in base(OURS).items()}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:SHOWN]
    return {
        "what": "install size, base",
        "megabytes": round(sum(sizes.values()), 1),
        "distributions": len(sizes),
        "largest": {name: round(sizes[name], 1) for name in largest},
    }


def base(root: str) -> dict[str, Distribution]:
    """Find a distribution and all that it requires here, and so on; extras only where required."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    coming = [(root, "")]
    while coming:
        name, extra = coming.pop()
        if (name, extra) in asked:
            continue
        asked.add((name, extra))
        found[name] = distribution(name)
        for requirement in map(Requirement, found[name].requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                needed = canonicalize_name(requirement.name)
                coming += [(needed, wanted) for wanted in ("", *requirement.extras)]
    return found


def _bytes(name: str, found: Distribution) -> Iterator[int]:
    files = [Path(str(file.locate())) for file in found.files or ()]
    yield from (file.stat().st_size for file in files if file.is_file())
    package = Path(detector.__file__)
    if name == OURS and package not in files:  # installed as a checkout
        for folder in (package.parent, models_folder()):
            inside = (file for file in folder.rglob("*") if file.is_file())
            yield from (f.stat().st_size for f in inside if f.suffix not in _LEFT_OUT)
