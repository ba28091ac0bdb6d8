"""The same estimators as the same bytes.

skops names arrays and objects by their address in memory and stamps the time into its archive; here
they are numbered in the order in which they occur, and the stamp is fixed.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

SCHEMA = "schema.json"
# An identity, or a file named after one, as skops writes them into the schema.
ADDRESS = re.compile(r'("__id__": |"file": ")(\d+)')


def skops_bytes(estimators: Any) -> bytes:
    """Store estimators in skops' format, independent of addresses and time."""
    from skops.io import dumps  # noqa: PLC0415

    with ZipFile(BytesIO(dumps(estimators))) as archive:
        schema = archive.read(SCHEMA).decode()
        numbers: dict[str, str] = {}
        for match in ADDRESS.finditer(schema):
            numbers.setdefault(match[2], str(len(numbers) + 1))
        members = {
            f"{numbers[name.removesuffix('.npy')]}.npy": archive.read(name)
            for name in archive.namelist()
            if name != SCHEMA
        }
    members[SCHEMA] = ADDRESS.sub(lambda m: m[1] + numbers[m[2]], schema).encode()
    return _archive(members)


def _archive(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            archive.writestr(ZipInfo(name), members[name], ZIP_DEFLATED, 9)
    return buffer.getvalue()


# Leaves hold class shares; so many steps of them is finer than any of our figures, and a threshold
# of so many bits parts the same training rows but for one in a thousand.
SHARE_STEPS = 512
THRESHOLD_BITS = 14


def slim(forest: Any) -> Any:
    """Drop from a fitted forest what prediction does not read, and round what it does.

    A quarter of the bytes remain. It is done before calibration and evaluation, so that every
    figure is of the very trees that are shipped.
    """
    for estimator in forest.estimators_:
        tree = estimator.tree_
        state = tree.__getstate__()
        state["nodes"], state["values"] = _slim_nodes(state["nodes"]), _slim_values(state)
        rebuilt = type(tree)(tree.n_features, tree.n_classes, tree.n_outputs)
        rebuilt.__setstate__(state)
        estimator.tree_ = rebuilt
    return forest


def _slim_nodes(nodes: Any) -> Any:
    # Copied field by field: between the fields lies whatever stood in memory.
    slimmed = np.zeros(nodes.shape, dtype=nodes.dtype)
    for read in ("left_child", "right_child", "feature", "missing_go_to_left"):
        slimmed[read] = nodes[read]
    mantissa, exponent = np.frexp(nodes["threshold"])
    steps = 2.0**THRESHOLD_BITS
    slimmed["threshold"] = np.ldexp(np.round(mantissa * steps) / steps, exponent)
    return slimmed


def _slim_values(state: Any) -> Any:
    """Round the shares of the leaves, which still sum to 1, and clear those of inner nodes."""
    shares = state["values"] / state["values"].sum(axis=-1, keepdims=True)
    down = np.floor(np.cumsum(shares, axis=-1) * SHARE_STEPS + 0.5)
    rounded = np.diff(down, axis=-1, prepend=0) / SHARE_STEPS
    return np.where((state["nodes"]["left_child"] == -1)[:, None, None], rounded, 0.0)
