"""What a request shows before anybody knows who sends it: its address, its key, its form."""

from __future__ import annotations

import ipaddress
import re

from flask import Request

from hub.errors import HubError

NETWORK = 64
"""Bits of an IPv6 address that are one customer's; the others it chooses itself, a new one for each request."""
UTF_8 = ("", "utf-8", "utf8")
BEARER = re.compile(r" *[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{1,200}=*) *", re.ASCII)
"""RFC 6750, with a longest key. Two headers arrive as one with a comma, which is none."""
GONE = "yuhub.gone"
"""Stands in a request's scope once its caller has gone; in its environ it says whether that is so."""


def key_in(authorization: str) -> str | None:
    """The key that the header shows; None where it shows none, whatever else it says."""
    shown = BEARER.fullmatch(authorization)
    return shown and shown[1]


def address_of(asked: Request) -> str:
    """The address that a request is counted under."""
    return counted(asked.remote_addr or "")


def counted(address: str) -> str:
    """What an address is counted as, wherever that is: of IPv6 the network of a customer. Empty where it is none."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, NETWORK), strict=False))


def must_be(asked: Request, wanted: str) -> None:
    """MEDIA_TYPE where a body is not of this type, or says that it is in another charset than UTF-8."""
    charset = asked.mimetype_params.get("charset", "").strip("'\"").lower()
    if asked.mimetype != wanted or charset not in UTF_8:
        raise HubError("MEDIA_TYPE", given=(asked.content_type or "?")[:100], wanted=wanted)
