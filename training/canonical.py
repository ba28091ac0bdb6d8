"""The same estimators as the same bytes.

skops names arrays and objects by their address in memory and stamps the time into its archive; here
they are numbered in the order in which they occur, and the stamp is fixed.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
