"""Which addresses are the internet's."""

from __future__ import annotations

import ipaddress

import pytest

from omm.addresses import is_public, parse


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "::7f00:1", "::ffff:0:10.1.2.3", "fec0::1"),
    ],
)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(parse(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_outer_addresses_are_public(address: str) -> None:
    assert is_public(parse(address))


def test_a_zone_is_no_part_of_an_address() -> None:
    assert parse("fe80::1%eth0") == ipaddress.ip_address("fe80::1")
