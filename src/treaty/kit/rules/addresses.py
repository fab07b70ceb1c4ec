"""Which addresses of the network are anybody's, and which belong to a machine's or a company's own surroundings."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

TRANSLATED = ip_network("64:ff9b::/96")
"""IPv6 addresses in which a gateway finds an IPv4 address (RFC 6052)."""
OPEN = ip_network("2000::/3")
"""All that IANA has given out of IPv6 to anybody (RFC 4291, 2.4); elsewhere lie forms that a router or gateway reads anew."""
OF_PROVIDERS = frozenset({ip_address("168.63.129.16"), ip_address("192.0.0.192")})
"""Where providers answer their own machines only, though the addresses look public; the others are link-local."""


def is_public(address: Address) -> bool:
    """Whether anybody may be meant: not this machine, its network, its provider's metadata, nor a group."""
    if isinstance(address, IPv6Address) and address not in OPEN and address not in TRANSLATED:
        return False
    return all(one.is_global and not one.is_multicast and one not in OF_PROVIDERS for one in meant(address))


def meant(address: Address) -> Iterable[Address]:
    """The address, and those that lie wrapped in it."""
    yield address
    if not isinstance(address, IPv6Address):
        return
    if address in TRANSLATED:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    wrapped = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()))
    yield from (one for one in wrapped if one is not None)


def is_allowed(host: str, address: Address, exceptions: Iterable[str]) -> bool:
    """Whether a request may go to an address of a host; `exceptions` are host names, addresses and networks."""
    return is_public(address) or any(_is_exception(host, address, one) for one in exceptions)


def is_named(host: str, exceptions: Iterable[str]) -> bool:
    """Whether a host, which may be an address, is among the exceptions."""
    try:
        address = ip_address(host)
    except ValueError:
        return host in {one.casefold() for one in exceptions}
    return any(_is_exception(host, address, one) for one in exceptions)


def _is_exception(host: str, address: Address, exception: str) -> bool:
    try:
        return address in ip_network(exception, strict=False)
    except ValueError:
        return host == exception.casefold()
