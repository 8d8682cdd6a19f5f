"""Reasoning that clients keep for the server: as a sealed text, and as the items that hold it.

The seal is no secret, as the same text stands in the summary: it only comes back as it went out.
"""

from __future__ import annotations

import base64
import binascii

from omm.api.openai.responses.items import ReasoningItem

_SEAL = "omm1."
_BETWEEN_PARTS = "\n\n"


def seal(text: str) -> str:
    """Reasoning as `encrypted_content`."""
    return _SEAL + base64.urlsafe_b64encode(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Reasoning out of `encrypted_content`; empty for what another server has made."""
    if not sealed.startswith(_SEAL):
        return ""
    try:
        return base64.b64decode(sealed.removeprefix(_SEAL), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def text_of(item: ReasoningItem) -> str:
    """What was thought: the content, else what is sealed, else the summary."""
    content = _BETWEEN_PARTS.join(part.text for part in item.content or ())
    summary = _BETWEEN_PARTS.join(part.text for part in item.summary or ())
    return content or unseal(item.encrypted_content or "") or summary
