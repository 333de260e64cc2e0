"""Text messages through a JSON gateway shaped like Twilio's (API 2010-04-01)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.channels import (
    Connection,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)

TIMEOUT = httpx.Timeout(10)
# The gateway's codes: https://www.twilio.com/docs/api/errors
STOPPED = {21610}
DEAD = {21211, 21217, 21421, 21612, 21614, 30005, 30006}
# Of these nobody can say whether the gateway took the text before it broke off.
BROKE_OFF = (
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.RemoteProtocolError,
)


@dataclass(frozen=True)
class Account:
    """TEXT_URL taken apart: https://ACCOUNT:TOKEN@host/?from=+15550100199"""

    base: str
    name: str
    token: str
    sender: str

    @classmethod
    def of(cls, address: str) -> Self:
        parts = urlsplit(address)
        host = parts.hostname or ""
        where = f"{host}:{parts.port}" if parts.port else host
        sender = parse_qs(parts.query.replace("+", "%2B")).get("from", [""])[0]
        return cls(
            base=urlunsplit((parts.scheme, where, "", "", "")),
            name=unquote(parts.username or ""),
            token=unquote(parts.password or ""),
            sender=sender,
        )


def is_on() -> bool:
    return bool(settings.TEXT_URL)


class TextGateway(Connection):
    """One HTTP client for a batch."""

    def __init__(self) -> None:
        self._account = Account.of(settings.TEXT_URL)
        self._client: httpx.Client | None = None

    def send(self, body: str, *, to: str, callback: str) -> str:
        """Hand one text over; gives the gateway's name for it. Raises the three failures."""
        if not to:
            raise PermanentFailure("no number")
        said = {"To": to, "From": self._account.sender, "Body": body, "StatusCallback": callback}
        answer = self._call("POST", "Messages.json", data=said)
        if answer.status_code >= 500:
            raise OutcomeUnknown(f"the gateway said {answer.status_code}")
        if answer.status_code >= 400:
            self._refused(answer)
        try:
            return str(answer.json()["sid"])
        except (ValueError, KeyError, TypeError) as mistake:
            raise OutcomeUnknown("the gateway's answer cannot be read") from mistake

    def find(self, body: str, *, to: str, since: datetime) -> list[str]:
        """The gateway's names for texts like this one since then. Raises TemporaryFailure."""
        wanted = {"To": to, "DateSent>": f"{since:%Y-%m-%d}", "PageSize": "100"}
        try:
            answer = self._call("GET", "Messages.json", params=wanted)
            if answer.status_code != 200:
                raise TemporaryFailure(f"the gateway said {answer.status_code}", is_ours=True)
            found: list[dict[str, Any]] = answer.json()["messages"]
            same = [one for one in found if one["body"] == body and one["to"] == to]
            return [str(one["sid"]) for one in same if _when(one) >= since - timedelta(minutes=1)]
        except (OutcomeUnknown, ValueError, KeyError, TypeError) as failure:
            raise TemporaryFailure("the gateway could not be asked", is_ours=True) from failure

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _call(self, method: str, name: str, **values: Any) -> httpx.Response:
        if self._client is None:
            self._client = httpx.Client(
                base_url=f"{self._account.base}/2010-04-01/Accounts/{self._account.name}/",
                auth=(self._account.name, self._account.token),
                timeout=TIMEOUT,
            )
        try:
            return self._client.request(method, name, **values)
        except BROKE_OFF as failure:
            raise OutcomeUnknown(type(failure).__name__) from failure
        except httpx.HTTPError as failure:
            raise TemporaryFailure(type(failure).__name__, is_ours=True) from failure

    def _refused(self, answer: httpx.Response) -> None:
        # The gateway's words repeat the number; only its codes are kept.
        code = code_of(answer)
        words = f"the gateway said {answer.status_code}, code {code}"
        if answer.status_code == 429:
            wait = answer.headers.get("Retry-After", "")
            rest = int(wait) if wait.isdigit() else 30
            raise TemporaryFailure(words, is_ours=True, rest_seconds=min(rest, 600))
        if answer.status_code in (401, 403, 404):
            raise TemporaryFailure(words, is_ours=True)
        raise PermanentFailure(words, is_dead=code in DEAD, has_stopped=code in STOPPED)


def _when(one: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(str(one["date_created"]))


def code_of(answer: httpx.Response) -> int:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return 0


def is_signed(address: str, posted: dict[str, str], signature: str) -> bool:
    """Whether the gateway signed a call to this address: HMAC-SHA1 over the address and the
    sorted values, under the account's token (X-Twilio-Signature)."""
    token = Account.of(settings.TEXT_URL).token if is_on() else ""
    if not token:
        return False
    text = address + "".join(name + posted[name] for name in sorted(posted))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return constant_time_compare(base64.b64encode(digest).decode(), signature)
