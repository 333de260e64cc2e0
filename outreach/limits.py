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
    """Whom to count a try against; a forwarded address only from a proxy we trust."""
    address = request.META.get("REMOTE_ADDR", "")
    if address in settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        return forwarded[-1].strip() or address
    return address
