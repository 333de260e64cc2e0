"""Whether mail leaves, and whether others will believe that it is ours."""

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator

import dns.exception
import dns.resolver
from django.conf import settings

from config.doctor.findings import Asked, Finding, broken, look, ok
from outreach import department

SECONDS = 5
# What the large providers call theirs; another one is named with --dkim-selector.
USUAL_SELECTORS = ("default", "mail", "dkim", "google", "selector1", "selector2", "s1", "k1")


class CouldNotAsk(Exception):
    """The DNS gave no answer, neither yes nor no."""


def resolver() -> dns.resolver.Resolver | None:
    """As this machine asks; None where it does not say whom."""
    try:
        found = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return None
    found.lifetime = SECONDS
    return found


def mail_leaves(asked: Asked) -> Iterator[Finding]:
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if "BEATBOOK_MAIL_PAGE" in os.environ:
        page = os.environ["BEATBOOK_MAIL_PAGE"]
        yield look(
            f"Nothing is mailed: every mail is caught on this machine, see {page}",
            "Set EMAIL_URL=smtp+tls://user:password@your.mail.server:587 and start again.",
        )
        return
    try:
        _knock()
    except smtplib.SMTPAuthenticationError:
        yield broken(f"The mail server {where} refuses our password.", "Mend EMAIL_URL.")
    except (OSError, smtplib.SMTPException) as failure:
        yield broken(
            f"The mail server {where} cannot be used: {_why(failure)}.",
            "Mend EMAIL_URL, or let the firewall through. Messages wait meanwhile.",
        )
    else:
        yield ok(f"The mail server {where} takes us.")
        if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
            yield from _unsealed(where)


def _why(failure: Exception) -> str:
    if isinstance(failure, socket.gaierror):
        return "the DNS does not know its name"
    if isinstance(failure, ConnectionRefusedError):
        return "nobody answers at that port"
    if isinstance(failure, TimeoutError):
        return f"no answer within {SECONDS} seconds"
    if isinstance(failure, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted by this machine ({failure.verify_message})"
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return "it offers no encryption"
    return type(failure).__name__


def _knock() -> None:
    """To the door and no further: nothing is sent. Trusts whom the sending trusts."""
    where, trusted = (settings.EMAIL_HOST, settings.EMAIL_PORT), ssl.create_default_context()
    line = (
        smtplib.SMTP_SSL(*where, timeout=SECONDS, context=trusted)
        if settings.EMAIL_USE_SSL
        else smtplib.SMTP(*where, timeout=SECONDS)
    )
    with line:
        if settings.EMAIL_USE_TLS:
            line.starttls(context=trusted)
        if settings.EMAIL_HOST_USER:
            line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        line.noop()


def _unsealed(where: str) -> Iterator[Finding]:
    if settings.EMAIL_HOST not in {"127.0.0.1", "localhost", "::1"}:
        yield look(
            f"Mail goes to {where} without encryption.", "EMAIL_URL=smtp+tls://… or smtp+ssl://…"
        )


def mail_is_believed(asked: Asked) -> Iterator[Finding]:
    """SPF, DKIM and DMARC of the domain that messages come from."""
    domain = department.current().mailbox.rpartition("@")[2]
    if not _exists(asked, domain):
        yield broken(
            f"The DNS knows no {domain}: mail from there is refused by all.",
            "Set a mailbox you have on the page Department (/staff/department/).",
        )
        return
    for check in (_spf, _dmarc, _dkim):
        try:
            yield check(asked, domain)
        except CouldNotAsk:
            name = check.__name__.strip("_").upper()
            yield look(
                f"{name} of {domain}: could not ask the DNS from here.",
                "Run this again where the DNS can be reached.",
            )


def _spf(asked: Asked, domain: str) -> Finding:
    said = [text for text in _texts(asked, domain) if text.lower().startswith("v=spf1")]
    if len(said) > 1:
        return broken(f"{domain} has {len(said)} SPF records: they count as none.", "Keep one.")
    if not said:
        return broken(
            f"{domain} has no SPF record: much of your mail will count as junk.",
            "Ask who runs the DNS for a TXT record: v=spf1 include:… -all",
        )
    if said[0].rstrip().lower().endswith("+all"):
        return broken(f"SPF of {domain} lets anyone write in your name.", "End it with -all.")
    return ok(f"SPF of {domain} is there.")


def _dmarc(asked: Asked, domain: str) -> Finding:
    """Of the domain, else of the one above it."""
    above = domain.split(".", 1)[1] if domain.count(".") > 1 else domain
    for name in dict.fromkeys((domain, above)):
        said = [t for t in _texts(asked, f"_dmarc.{name}") if t.lower().startswith("v=dmarc1")]
        if said and "p=none" in said[0].replace(" ", "").lower():
            return look(
                f"DMARC of {name} only watches: others can write in your name.",
                "When the reports are clean, raise it to p=quarantine, then p=reject.",
            )
        if said:
            return ok(f"DMARC of {name} is there.")
    return look(
        f"{domain} has no DMARC record: large providers ask for one.",
        f"Ask who runs the DNS for a TXT record at _dmarc.{domain}: v=DMARC1; p=quarantine",
    )


def _dkim(asked: Asked, domain: str) -> Finding:
    selectors = (asked.dkim_selector,) if asked.dkim_selector else USUAL_SELECTORS
    for selector in selectors:
        for text in _texts(asked, f"{selector}._domainkey.{domain}"):
            if "p=" in text:
                return ok(f"A DKIM key of {domain} is there ({selector}).")
    return look(
        f"No DKIM key of {domain} was found as {', '.join(selectors)}.",
        "Let your mail server sign. If it does, name its key: --dkim-selector NAME",
    )


def _exists(asked: Asked, domain: str) -> bool:
    """Unless the DNS says no."""
    try:
        if asked.resolver:
            asked.resolver.resolve(domain, "MX", search=False)
    except dns.resolver.NXDOMAIN:
        return False
    except (dns.exception.DNSException, OSError):
        return True  # it has no MX, or nobody answers: the next questions say so
    return True


def _texts(asked: Asked, name: str) -> list[str]:
    """TXT records of a name; none when it has none. Raises CouldNotAsk."""
    if asked.resolver is None:
        raise CouldNotAsk
    try:
        answer = asked.resolver.resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as failure:
        raise CouldNotAsk from failure
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
