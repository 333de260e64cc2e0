"""Other systems are called when an event changes: signed, again and again, and never inwards."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import tasks
from notifications.channels import TemporaryFailure, webhook
from notifications.enums import DeliveryStatus
from notifications.models import Webhook, WebhookDelivery
from notifications.services import planning, webhooks
from outreach.actors import SYSTEM
from outreach.enums import Role
from scheduling.services import events
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.webhooks import SECRET, make_webhook

pytestmark = pytest.mark.django_db
LIST = "/api/v1/webhooks/"


class Listener(ThreadingHTTPServer):
    """Another system of the city. `statuses` are its next answers, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.address = f"http://127.0.0.1:{self.server_port}/hook"

    def bodies(self) -> list[dict]:
        return [json.loads(body) for _headers, body in self.calls]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append((headers, self.rfile.read(length)))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words) -> None:
        """Quiet."""


@pytest.fixture
def listener(settings):
    settings.WEBHOOK_INSIDE = ["127.0.0.1"]
    server = Listener()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    make_webhook(server.address)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def event():
    return events.create(make_plan(beat=BeatFactory(code="b1")), by=SYSTEM)


def tell() -> int:
    planning.plan()
    return webhooks.deliver(5)


def again() -> int:
    WebhookDelivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    return webhooks.deliver(5)


def test_each_change_of_a_public_event_is_told_once(listener, event):
    assert tell() == 1
    events.change(event.pk, make_plan(beat=event.beat, starts_at=tomorrow(15)), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="Rain.")
    assert tell() == 2
    assert tell() == 0

    kinds = [body["type"] for body in listener.bodies()]
    assert kinds == ["event.created", "event.moved", "event.cancelled"]
    last = listener.bodies()[-1]["data"]
    assert (last["uid"], last["status"], last["beat"]) == (str(event.uid), "cancelled", "b1")


def test_call_is_signed_and_another_secret_does_not_fit(listener, event):
    tell()

    headers, body = listener.calls[0]
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    for secret, fits in ((SECRET, True), ("whsec_" + base64.b64encode(b"x" * 32).decode(), False)):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
        assert (headers["webhook-signature"] == f"v1,{wanted}") is fits


def test_what_is_not_public_is_told_to_nobody(listener):
    beat = BeatFactory(code="b1")
    make_pair(beat)
    events.create(make_plan(beat=beat, classification="private"), by=SYSTEM)
    events.create(make_plan(beat=beat, status="tentative", starts_at=tomorrow(9)), by=SYSTEM)
    make_request(beat)

    assert tell() == 0
    assert listener.calls == []


def test_event_that_ceases_to_be_public_is_withdrawn_by_its_uid_alone(listener, event):
    tell()
    hidden = make_plan(beat=event.beat, classification="private", summary="Quiet Xanthippe")
    events.change(event.pk, hidden, by=SYSTEM)

    assert tell() == 1
    assert listener.bodies()[-1]["type"] == "event.withdrawn"
    assert listener.bodies()[-1]["data"] == {"uid": str(event.uid)}


@pytest.mark.parametrize("trouble", [500, 404, 302, 429])
def test_trouble_is_tried_again_with_the_same_id(listener, event, trouble):
    listener.statuses = [trouble]
    assert tell() == 0
    assert webhooks.deliver(5) == 0  # not at once
    assert WebhookDelivery.objects.get().detail == f"answered {trouble}"

    assert again() == 1
    assert len({headers["webhook-id"] for headers, _ in listener.calls}) == 1
    assert len(listener.calls) == 2  # a redirect is not followed


def test_after_three_days_of_trouble_it_is_given_up(listener, event):
    listener.statuses = [500] * 20
    planning.plan()
    for _ in range(len(webhooks.RETRY_AFTER) + 3):
        again()

    delivery = WebhookDelivery.objects.get()
    assert delivery.status == DeliveryStatus.FAILED
    assert len(listener.calls) == len(webhooks.RETRY_AFTER) + 1


def test_who_answers_gone_is_called_no_more(listener, event):
    listener.statuses = [410]
    tell()
    events.cancel(event.pk, by=SYSTEM, reason="Rain.")
    tell()

    assert len(listener.calls) == 1
    assert Webhook.objects.get().ended_at


def test_a_worker_that_died_holds_nothing_for_ever(listener, event):
    planning.plan()
    assert len(webhooks._claim()) == 1
    assert webhooks._claim() == []  # leased: nobody calls twice meanwhile

    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert webhooks.deliver(5) == 1


def test_the_ticker_rings_for_it_and_forgets_old_ones(listener, event):
    planning.plan()
    tasks.call_webhooks()
    assert len(listener.calls) == 1
    WebhookDelivery.objects.update(settled_at=timezone.now() - timedelta(days=31))
    tasks.forget()
    assert not WebhookDelivery.objects.exists()


# --- The address guard ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/hook",
        "ftp://example.org/hook",
        "https://user:secret@example.org/",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[64:ff9b::7f00:1]/hook",
        "https://[2002:a00:8::1]/hook",
        "https://224.0.0.1/hook",
        "https://[ff02::1]/hook",
        "https://10.0.0.8/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://localhost/hook",
        "https://2130706433/",
        "https://nowhere.invalid/",
        "https:///hook",
        "https://[::1/",
        "https://example.org:99999/",
        "https://" + "a" * 64 + ".example/",
        "https://b\u00fccher.example/",
        "https://example.org/a hook",
        "https://example.org/a\r\nX-Other: 1",
        "https://example.org/\x01",
        "https://example.org/\x7f",
        "javascript:alert(1)",
        "nonsense",
    ],
)
def test_addresses_of_our_own_network_and_nonsense_are_refused(address):
    with pytest.raises(webhook.Refused):
        webhook.check(address)


@pytest.mark.parametrize(
    "ip", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"]
)
def test_the_public_internet_is_called(monkeypatch, ip):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (ip, 443))])

    assert webhook.check("https://crm.city.example/hook")[1] == ip


@pytest.mark.parametrize("odd", ["https://b\u00fccher.example/", "https://example.org/\x01"])
def test_an_address_nobody_can_call_holds_up_no_other(listener, event, odd, monkeypatch):
    """A row from before the check, first in line: its call waits, the next one is made."""
    Webhook.objects.update(address=odd)
    make_webhook(listener.address)
    resolve = socket.getaddrinfo
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda host, *rest, **how: (
            public if "example" in str(host) else resolve(host, *rest, **how)
        ),
    )

    assert tell() == 1

    assert [body["type"] for body in listener.bodies()] == ["event.created"]
    stuck = WebhookDelivery.objects.get(webhook__address=odd)
    assert (stuck.status, "plain letters" in stuck.detail) == (DeliveryStatus.QUEUED, True)


def test_a_name_that_leads_inwards_later_is_not_followed(monkeypatch, event):
    """The guard looks at the moment of the call, and calls the very address it looked at."""
    answers = ["93.184.215.14", "127.0.0.1"]
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[len(asked) - 1], port))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    webhook.check("https://crm.city.example/hook")

    with pytest.raises(webhook.Refused), webhook.Caller() as caller:
        caller.post("https://crm.city.example/hook", b"{}", {})
    assert asked == ["crm.city.example"] * 2


def test_a_dead_line_is_trouble_and_no_error(settings):
    settings.WEBHOOK_INSIDE = ["127.0.0.1"]
    with pytest.raises(TemporaryFailure), webhook.Caller() as caller:
        caller.post("http://127.0.0.1:9/", b"{}", {})


# --- Over the API -----------------------------------------------------------------------------


@pytest.fixture
def administrator(client):
    client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR).user)
    return client


def test_secret_is_shown_once_and_stored_sealed(administrator, settings):
    settings.WEBHOOK_INSIDE = ["127.0.0.1"]
    body = {"address": "http://127.0.0.1:9/hook"}
    made = administrator.post(LIST, body, content_type="application/json")

    assert made.status_code == 201
    secret = made.json()["secret"]
    hook = Webhook.objects.get()
    assert hook.unseal("secret") == secret
    assert secret.encode() not in bytes(hook.secret_sealed)
    assert secret not in administrator.get(LIST).content.decode()
    again = administrator.post(LIST, body, content_type="application/json")
    assert (Webhook.objects.count(), again.json()["secret"] != secret) == (1, True)
    assert administrator.delete(f"{LIST}{hook.uid}/").status_code == 204
    assert not Webhook.objects.exists()


def test_refusal_says_why_at_the_field(administrator):
    for address, words in (("https://10.1.2.3/", "public internet"), ("http://x.org", "https://")):
        answer = administrator.post(LIST, {"address": address}, content_type="application/json")
        assert answer.status_code == 400
        assert words in answer.json()["address"][0]


def test_list_says_how_each_does_and_asks_as_much_for_three_as_for_one(
    administrator, listener, event
):
    listener.statuses = [500]
    tell()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            (first, *_others) = administrator.get(LIST).json()["results"]
        counts.append(len(asked))
        make_webhook()

    assert (first["waiting"], first["last_trouble"]) == (1, "answered 500")
    assert counts[0] == counts[1]
