"""How often one address may use a public form. Counted in one atomic step."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

Network = IPv4Network | IPv6Network


class TooOften(Exception):
    """This address used a public form too often within the hour."""


def count(request: HttpRequest, form: str, *, most: int) -> None:
    """Count one use; TooOften past the hour's limit, or while nothing can be counted."""
    key = f"limit:{form}:{client_address(request)}"
    try:
        cache.add(key, 0, timeout=3600)
        used = cache.incr(key)
    except (RedisError, ValueError):
        raise TooOften from None  # public forms fail closed
    if used > most:
        raise TooOften


def client_address(request: HttpRequest) -> str:
    """Whom to count a try against: the nearest that is no proxy we trust. What stands before it
    in the header, anybody may have written."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = _networks(tuple(settings.TRUSTED_PROXIES))
    while hops and hops[-1] and _is_in(address, trusted):
        address = hops.pop()
    return address


@lru_cache(8)
def _networks(written: tuple[str, ...]) -> list[Network]:
    """Single addresses, and networks as 172.30.99.0/24."""
    return [ip_network(one, strict=False) for one in written]


def _is_in(address: str, networks: list[Network]) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:  # a socket has none; and what a stranger wrote may be anything
        return False
    return any(ip in network for network in networks)
