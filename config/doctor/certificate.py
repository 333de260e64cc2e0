"""The certificate that browsers see."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from config.doctor.findings import Asked, Finding, broken, look, ok

SECONDS = 5
SOON, VERY_SOON = timedelta(days=21), timedelta(days=7)
RENEW = "Renew it on the server with TLS, and let that happen by itself."


def certificate_is_good(asked: Asked) -> Iterator[Finding]:
    address = urlsplit(settings.BASE_URL)
    if address.scheme != "https" or not address.hostname:
        return
    host, port = address.hostname, address.port or 443
    try:
        ends_at = _end_of_certificate(host, port)
    except ssl.SSLError as failure:
        reason = getattr(failure, "verify_message", "") or failure.reason
        yield broken(f"Browsers refuse the certificate of {host}: {reason}.", RENEW)
        return
    except OSError as failure:
        yield look(
            f"Could not ask {host}:{port} for its certificate: {type(failure).__name__}.",
            "Run this where the public address can be reached.",
        )
        return
    left = ends_at - datetime.now(UTC)
    words = f"The certificate of {host} is good for {left.days} more days."
    if left < VERY_SOON:
        yield broken(words, RENEW)
    elif left < SOON:
        yield look(words, RENEW)
    else:
        yield ok(words)


def _end_of_certificate(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as sealed,
    ):
        seen = sealed.getpeercert() or {}
    seconds = ssl.cert_time_to_seconds(str(seen["notAfter"]))
    return datetime.fromtimestamp(seconds, UTC)
