from itertools import count

from notifications.models import Webhook
from outreach.enums import Role
from tests.factories.people import StaffMemberFactory

NUMBERS = count(1)
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def make_webhook(address: str = "") -> Webhook:
    made = Webhook(
        address=address or f"https://crm{next(NUMBERS)}.city.example/hook",
        made_by=StaffMemberFactory(role=Role.ADMINISTRATOR),
    )
    made.seal("secret", SECRET)
    made.save()
    return made
