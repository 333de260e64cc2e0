"""Staff, posts, contacts and survey requests."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outreach.enums import Duty, Program, PropertyType, Role, SafeChannel
from outreach.models import (
    Beat,
    Contact,
    EventRequest,
    Post,
    StaffMember,
    SurveyRequest,
    User,
)
from outreach.services import requests, surveys


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}")


class StaffMemberFactory(DjangoModelFactory):
    class Meta:
        model = StaffMember

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    role = Role.CPC


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    duty = Duty.CPC
    starts_on = date(2020, 1, 1)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    name = "Robin"
    email = factory.Sequence(lambda n: f"robin{n}@example.org")


def make_pair(beat: Beat) -> tuple[StaffMember, StaffMember]:
    """A coordinator and an officer who serve the beat."""
    cpc, nro = StaffMemberFactory(), StaffMemberFactory(role=Role.NRO)
    PostFactory(beat=beat, duty=Duty.CPC, staff=cpc)
    PostFactory(beat=beat, duty=Duty.NRO, staff=nro)
    return cpc, nro


def make_request(beat: Beat | None, **wishes) -> SurveyRequest:
    """A request as the public form leaves it."""
    told = {
        "name": "Robin",
        "safe_channel": SafeChannel.EMAIL,
        "reach": "robin@example.org",
        "property_type": PropertyType.HOUSE,
        "address": "1214 Alder St",
    }
    return surveys.ask(surveys.Ask(beat=beat, **(told | wishes)))


def make_event_request(beat: Beat | None, **wishes) -> EventRequest:
    """A wish for a talk three weeks from now, as the service keeps it; nothing is held."""
    told = {
        "program": Program.PRESENTATIONS,
        "topic": "Safe homes",
        "minutes": 60,
        "wished": (timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(21),),
        "name": "Robin",
        "email": "asker@example.org",
    }
    return requests.ask(requests.Ask(beat=beat, **(told | wishes)))
