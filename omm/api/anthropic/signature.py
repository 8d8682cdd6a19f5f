"""The signature of a block of reasoning: opaque to clients, who send it back unchanged.

Where the text itself is kept from the client, the signature carries it, so that the next turn's prompt can repeat it.
It proves nothing: a client may send any reasoning in any case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib

_CARRIER = "omm1"
MAX_BYTES = 1 << 20  # of text that a signature from outside may unpack to


def of_text(text: str) -> str:
    """The signature of reasoning that is sent along."""
    return base64.b64encode(hashlib.sha256(_bytes(text)).digest()).decode()


def carrying(text: str) -> str:
    """The signature of reasoning that is left out."""
    return _CARRIER + base64.b64encode(zlib.compress(_bytes(text))).decode()


def carried(signature: str | None) -> str:
    """The reasoning that a signature carries; empty when it carries none, as those of other servers do."""
    if not signature or not signature.startswith(_CARRIER):
        return ""
    try:
        packed = base64.b64decode(signature.removeprefix(_CARRIER), validate=True)
        return zlib.decompressobj().decompress(packed, MAX_BYTES).decode("utf-8", "ignore")
    except (binascii.Error, ValueError, zlib.error):
        return ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
