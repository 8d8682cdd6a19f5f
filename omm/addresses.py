"""Which network addresses are the internet's. Pure: knows numbers, and nothing of names or connections."""

from __future__ import annotations

import ipaddress

# NOTE: their last 32 bits are an IPv4 address: NAT64 (RFC 6052), IPv4-compatible and IPv4-translated (RFC 4291, 2765).
_EMBEDDING = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse(text: str) -> Address:
    """The address that a socket's name has, whatever its zone. Raises ValueError."""
    return ipaddress.ip_address(text.partition("%")[0])


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet and not to this machine or its network."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    inner = address.ipv4_mapped or address.sixtofour
    if any(address in network for network in _EMBEDDING):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return not address.is_site_local and (inner is None or is_public(inner))
