"""How often one address may use a public form. Counted in one atomic step."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError


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
    while address in settings.TRUSTED_PROXIES and hops and hops[-1]:
        address = hops.pop()
    return address
