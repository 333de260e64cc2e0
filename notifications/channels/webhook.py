"""Calls to other systems, signed after Standard Webhooks (standardwebhooks.com), version 1.

The address guard: https only, to hosts of the public internet or those named in WEBHOOK_INSIDE.
The name is resolved once and the call goes to that very address, so that no second answer of a
name server leads it into our own network; redirects are not followed.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from notifications.channels import Connection, PermanentFailure, TemporaryFailure

TIMEOUT = httpx.Timeout(10)
GONE = 410
# A network that translates (RFC 6052) leads what begins so to the IPv4 address at its end.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
PREFIX = "whsec_"


class Refused(Exception):
    """An address we do not call, and why, in words for who gave it."""


class Caller(Connection):
    """One HTTP client for a batch."""

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def post(self, address: str, body: bytes, headers: dict[str, str]) -> None:
        """Raises TemporaryFailure, or PermanentFailure where nobody wants to be called again."""
        parts, to = check(address)
        host = f"[{to}]" if ":" in to else to
        target = parts._replace(netloc=f"{host}:{parts.port or _usual_port(parts)}").geturl()
        named = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
        if self._client is None:
            self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        try:
            with self._client.stream(
                "POST", target, content=body, headers=named,
                extensions={"sni_hostname": parts.hostname},
            ) as answer:  # fmt: skip
                status = answer.status_code  # what else it says, nobody reads
        except httpx.HTTPError as failure:
            raise TemporaryFailure(type(failure).__name__) from failure
        if status == GONE:
            raise PermanentFailure("answered 410")
        if not 200 <= status < 300:
            raise TemporaryFailure(f"answered {status}")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def check(address: str) -> tuple[SplitResult, str]:
    """The address taken apart and the internet address to call. Raises Refused."""
    if not (address.isascii() and address.isprintable()) or " " in address:
        raise Refused(_("Write the address in plain letters, digits and signs, without spaces."))
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or _usual_port(parts)
    except ValueError:
        raise Refused(_("This is no web address.")) from None
    is_inside = host in settings.WEBHOOK_INSIDE
    if parts.scheme != "https" and not (is_inside and parts.scheme == "http"):
        raise Refused(_("The address must begin with https://."))
    if not host or parts.username or parts.password or parts.fragment:
        raise Refused(_("Give the address without a user, a password or a #."))
    found = _resolve(host, port)
    if not is_inside and not all(_is_public(one) for one in found):
        raise Refused(_("This host is not on the public internet. WEBHOOK_INSIDE allows others."))
    return parts, found[0]


def signature(secret: str, *, uid: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{uid}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _usual_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(_("This host is not known.")) from None
    # An address of IPv4 in the clothes of IPv6 is called as what it is.
    return [_plain(str(one[4][0])) for one in found]


def _is_public(address: str) -> bool:
    """An address of IPv4 carried within one of IPv6 is judged as what it is."""
    ip = ipaddress.ip_address(address)
    carried = None
    if isinstance(ip, ipaddress.IPv6Address):
        last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        carried = last if ip in TRANSLATED else ip.sixtofour
    judged = carried or ip
    return judged.is_global and not judged.is_multicast


def _plain(address: str) -> str:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return str(mapped or ip)
