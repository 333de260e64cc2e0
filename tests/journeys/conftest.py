"""A city with one beat and its pair, and a mail server that keeps what it took."""

import re
from email.message import EmailMessage

import pytest

from notifications import tasks
from notifications.enums import Lane
from notifications.services import planning
from outreach.enums import Role
from tests import mail_sink
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory, VenueFactory, square
from tests.second_factor import sign_in


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1", name="Harbor", boundary=square(-124.2, 41.0))


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def sergeant(db):
    return StaffMemberFactory(role=Role.SERGEANT)


@pytest.fixture
def venue(beat):
    return VenueFactory(beat=beat, name="Main Library", address="100 Main St")


@pytest.fixture
def post_office(tmp_path, settings):
    with mail_sink.running(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield PostOffice(sink)


class PostOffice:
    def __init__(self, sink: mail_sink.Sink) -> None:
        self.sink = sink
        self.read = 0

    def deliver(self) -> list[EmailMessage]:
        """Plan and send what is owed; the mails that came since the last time."""
        planning.plan()
        tasks.drain(list(Lane))
        mails = self.sink.mails()
        new, self.read = mails[self.read :], len(mails)
        return new


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(mail: EmailMessage, part: str) -> str:
    """The path of the first link in a mail that has this in it."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


@pytest.fixture
def signed_in(client):
    def signed(staff):
        sign_in(client, staff)
        return client

    return signed
