"""The files of a model's folder: read where they are intact, refused with the reason where not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.errors import DetectorError


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong while a model is read into its refusal.

    What a stranger wrote can be wrong in every way; nothing of it runs, and none of it is used.
    """
    try:
        yield
    except DetectorError:
        raise
    except Exception as error:
        raise refused(folder, f"{type(error).__name__}: {error}") from error


def refused(folder: Path, reason: str) -> DetectorError:
    """Say why a model is not used."""
    return DetectorError(
        f"the model in {folder} is refused: {' '.join(reason.split())[:300]}",
        hint="reinstall the package, or fit a model with `python -m training fit`",
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read what a model says of itself.

    Raises
    ------
    DetectorError
        Where there is none, or it is none.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise DetectorError(
            f"there is no model in {folder}: manifest.json is missing",
            hint="reinstall the package, or fit a model with `python -m training fit`",
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise refused(folder, f"manifest.json is broken, {error}") from error
    if not isinstance(manifest, dict):
        raise refused(folder, "manifest.json holds no object")
    return manifest


def checked(path: Path, digest: str) -> bytes:
    """Read a file of the model, refusing it before use where it is not the one that was fitted."""
    data = path.read_bytes() if path.is_file() else b""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise DetectorError(
            f"{path} is not the file that the manifest names: "
            f"SHA-256 {found[:12]}, expected {digest[:12]}",
            hint="reinstall the package; a model file that changed by itself must not be loaded",
        )
    return data


def arrays_of(data: bytes) -> dict[str, NDArray[Any]]:
    """Take a file of arrays apart; nothing in it can run."""
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
