"""Which addresses are anybody's: the registries of IANA for special-purpose addresses, and providers' documentation."""

from ipaddress import ip_address

import pytest

from treaty.kit.rules.addresses import is_allowed, is_named, is_public


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.8.4.1",
        "0.0.0.0",  # noqa: S104 - refused, not bound to
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b:1::7f00:1",
        "fec0::1",
        "5f00::1",
    ],
)
def test_an_address_of_one_s_own_surroundings_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["9.9.9.9", "93.184.215.14", "2606:4700::1111", "64:ff9b::909:909"])
def test_an_address_of_the_open_network_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("host", "address", "exceptions", "allowed"),
    [
        ("erp.local", "10.1.2.3", [], False),
        ("erp.local", "10.1.2.3", ["ERP.local"], True),
        ("erp.local", "10.1.2.3", ["10.1.0.0/16"], True),
        ("erp.local", "10.2.2.3", ["10.1.0.0/16", "crm.local"], False),
        ("10.1.2.3", "10.1.2.3", ["10.1.2.3"], True),
        ("evil.example", "10.1.2.3", ["erp.local"], False),
    ],
)
def test_the_operator_allows_hosts_and_networks(
    host: str, address: str, exceptions: list[str], allowed: bool
) -> None:
    assert is_allowed(host, ip_address(address), exceptions) is allowed


def test_a_host_is_an_exception_by_its_name_or_its_network() -> None:
    assert is_named("erp.local", ["erp.local"])
    assert is_named("10.1.2.3", ["10.0.0.0/8"])
    assert not is_named("erp.local", ["10.0.0.0/8"])
