"""Where a notice may go: a host on the public internet, looked up and judged before anybody talks to it.

An enterprise types the address, and the hub goes there from inside its own network: whatever only the hub can reach
must not be reached through it. The host is judged when the address is added and again whenever a notice is sent, and
the line goes to the very address that was judged, because a name may lead elsewhere a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from hub.errors import HubError

Resolve = Callable[[str, int], Sequence[str]]
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}
WEB = tuple(PORTS.values())
INNER = tuple(map(ipaddress.ip_network, ("fec0::/10", "3fff::/20", "192.88.99.0/24")))
"""Beside what the library knows: site-local, documentation (RFC 9637), relays of 6to4 (RFC 7526)."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: `netloc` is the host as typed, `target` path and query, `addresses` where it is now."""

    secure: bool
    host: str
    port: int
    netloc: str
    target: str
    addresses: tuple[str, ...] = ()


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Old spellings of one (2130706433, 0x7f.1) are read as the system reads them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Receivers:
    """What is allowed: public hosts over TLS at one of the `ports`; with `private`, for a network of one's own, any."""

    private: bool = False
    ports: tuple[int, ...] = WEB
    resolve: Resolve = look_up

    def find(self, url: str) -> Place:
        """The place behind an address. WEBHOOK_URL where it is none, WEBHOOK_HOST where its host is not allowed,
        WEBHOOK_PORT or WEBHOOK_PLAIN where the rest of it is not.

        That a host is unknown and that it is private is answered alike: nobody learns the names of the inside.
        """
        place = read_url(url)
        try:
            addresses = tuple(dict.fromkeys(self.resolve(place.host, place.port)))
        except (OSError, UnicodeError):
            addresses = ()
        if not addresses or not (self.private or all(map(is_public, addresses))):
            raise HubError("WEBHOOK_HOST", host=place.host)
        if not self.private and place.port not in self.ports:
            raise HubError("WEBHOOK_PORT", port=place.port, known=", ".join(map(str, self.ports)))
        if not self.private and not place.secure:
            raise HubError("WEBHOOK_PLAIN")
        return replace(place, addresses=addresses)


def read_url(url: str) -> Place:
    """Takes an address apart; WEBHOOK_URL where it is not one that a notice could be sent to."""
    plain = url.isascii() and url.isprintable() and not {" ", "\\"} & set(url)
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise HubError("WEBHOOK_URL") from None
    if not plain or len(url) > LONGEST_URL or split.scheme not in PORTS or "@" in split.netloc:
        raise HubError("WEBHOOK_URL")
    if not split.hostname or port == 0:
        raise HubError("WEBHOOK_URL")
    return Place(
        secure=split.scheme == "https",
        host=split.hostname,
        port=port or PORTS[split.scheme],
        netloc=split.netloc,
        target=(split.path or "/") + (f"?{split.query}" if split.query else ""),
    )


def is_public(address: str) -> bool:
    """True where an IP address, and every address that it wraps, belongs to the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(map(_is_global, _meant(ip)))


def _is_global(ip: Ip) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in network for network in INNER))


def _meant(ip: Ip) -> Iterator[Ip]:
    """The addresses that packets for this one may end at: IPv6 can carry an IPv4 address inside."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
    elif ip.ipv4_mapped:
        yield ip.ipv4_mapped
    elif ip in NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    else:
        yield ip
        if ip.sixtofour:
            yield ip.sixtofour
        if ip.teredo:
            yield ip.teredo[1]
