"""Choices of this app, importable by anyone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    CPC = "cpc", _("Crime Prevention Coordinator")
    NRO = "nro", _("Neighborhood Resource Officer")
    SERGEANT = "sergeant", _("Sergeant")
    EVENT_PLANNER = "event-planner", _("Event planner")
    ADMINISTRATOR = "administrator", _("Administrator")
    RECORDS_CLERK = "records-clerk", _("Records clerk")
    READ_ONLY = "read-only", _("Read only")


class AccountAct(TextChoices):
    """What was done to somebody's account."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Role changed")
    LINK = "link", _("Link to set a password")
    PASSWORD = "password", _("Password set by the link")
    FACTOR_RESET = "factor-reset", _("Second factor taken away")
    LEAVES = "leaves", _("Leaves on a day")
    LEFT = "left", _("Left")
    RETURNED = "returned", _("Works here again")
    LINKED = "linked", _("Signed in by the city for the first time")


class Duty(TextChoices):
    """The two halves of the pair that serves a beat."""

    CPC = "cpc", _("Crime Prevention Coordinator")
    NRO = "nro", _("Neighborhood Resource Officer")


class Program(TextChoices):
    NEIGHBORHOOD_WATCH = "neighborhood-watch", _("Neighborhood Watch")
    PRESENTATIONS = "presentations", _("Presentations")
    ACADEMY = "academy", _("Community Police Academy")
    NATIONAL_NIGHT_OUT = "national-night-out", _("National Night Out")
    COMMUNITY = "community", _("Community events")
    SECURITY_SURVEY = "security-survey", _("Security surveys")


# What residents and organizations may ask for.
REQUESTABLE = [Program.NEIGHBORHOOD_WATCH, Program.PRESENTATIONS, Program.COMMUNITY]
# Programs that have pages and feeds; a survey is nobody's business but the resident's.
PUBLIC_PROGRAMS = [program for program in Program if program != Program.SECURITY_SURVEY]


class VenueKind(TextChoices):
    PUBLIC = "public", _("Public place")
    PRIVATE = "private", _("Office, school or business")
    HOME = "home", pgettext_lazy("kind of place", "Home")


class Disclosure(TextChoices):
    """How much of a place the public may read."""

    FULL = "full", _("Full address")
    BLOCK = "block", _("Block only")
    HIDDEN = "hidden", _("Not shown")


class Sureness(TextChoices):
    """How sure we are that a point or beat is right."""

    EXACT = "exact", _("found by its street number")
    NEAR = "near", _("placed by the nearest number we know")
    BLOCK = "block", _("found the block")
    CORNER = "corner", _("found the corner")
    VENUE = "venue", _("found as a place we know")
    STREET = "street", _("found the street only")
    WHICH = "which", _("several places fit")
    UNKNOWN = "unknown", _("not found")


class SpokenLanguage(TextChoices):
    """What a person of the city or of our staff speaks."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    CHINESE = "zh", _("Chinese")
    KOREAN = "ko", _("Korean")
    FARSI = "fa", _("Farsi")
    RUSSIAN = "ru", _("Russian")
    ARMENIAN = "hy", _("Armenian")
    TAGALOG = "tl", _("Tagalog")
    VIETNAMESE = "vi", _("Vietnamese")
    ASL = "ase", _("American Sign Language")


class PropertyType(TextChoices):
    HOUSE = "house", _("House")
    APARTMENT = "apartment", _("Apartment or condominium")
    COMMON_AREA = "common-area", _("Common area of an apartment building")
    BUSINESS = "business", _("Business")
    WORSHIP = "worship", _("Place of worship")


class SafeChannel(TextChoices):
    """The one way a person called safe; nothing is sent by any other."""

    EMAIL = "email", _("E-mail")
    CALL_MESSAGE = "call-message", _("Phone call; you may leave a message")
    CALL_ONLY = "call-only", _("Phone call; leave no message")


class Source(TextChoices):
    WEB = "web", _("Website")
    PHONE = "phone", _("Phone")
    COUNTER = "counter", _("Counter")


class SurveyStatus(TextChoices):
    RECEIVED = "received", _("Waiting for a time")
    SCHEDULED = "scheduled", _("Visit booked")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class HalfDay(TextChoices):
    MONDAY_MORNING = "mon-am", _("Monday morning")
    MONDAY_AFTERNOON = "mon-pm", _("Monday afternoon")
    TUESDAY_MORNING = "tue-am", _("Tuesday morning")
    TUESDAY_AFTERNOON = "tue-pm", _("Tuesday afternoon")
    WEDNESDAY_MORNING = "wed-am", _("Wednesday morning")
    WEDNESDAY_AFTERNOON = "wed-pm", _("Wednesday afternoon")
    THURSDAY_MORNING = "thu-am", _("Thursday morning")
    THURSDAY_AFTERNOON = "thu-pm", _("Thursday afternoon")
    FRIDAY_MORNING = "fri-am", _("Friday morning")
    FRIDAY_AFTERNOON = "fri-pm", _("Friday afternoon")


class RequestStatus(TextChoices):
    """Of an event somebody asked for."""

    RECEIVED = "received", _("Waiting for an answer")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccommodationKind(TextChoices):
    """What somebody needs to take part."""

    ASL = "asl", _("Sign language interpreter (ASL)")
    CART = "cart", _("Live captions (CART)")
    INTERPRETER = "interpreter", _("Interpreter")
    STEP_FREE = "step-free", _("Step-free access")


class MilestoneKind(TextChoices):
    RECEIVED = "received", _("Request received")
    APPROVED = "approved", _("Request approved")
    DECLINED = "declined", _("Request declined")
    WITHDRAWN = "withdrawn", _("Request withdrawn")


class LinkPurpose(TextChoices):
    SURVEY = "survey", _("Own survey request")
    EVENT_REQUEST = "event-request", _("Own request for an event")
    RSVP = "rsvp", _("Own seats at an event")
    CONFIRM = "confirm", _("Confirm a subscription")
    PREFERENCES = "preferences", _("Own subscriptions")
    OWN_FEED = "own-feed", _("Own calendar")


class RecordClass(TextChoices):
    """Kinds of records about people that are kept for a time of their own."""

    MESSAGES = "messages", _("Messages: to whom, when, how it ended")
    REPLIES = "replies", _("Answers of calendars to invitations")
    LOOKS = "looks", _("Who of us looked at an address")
    REVEALS = "reveals", _("Who of us opened a sealed field")
    TEXTS = "texts", _("Words that came by text, without the number")
    NEEDS = "needs", _("What somebody needed at an event")
    SIGN_UPS = "sign-ups", _("Seats at events, and whether the household came")
    ATTENDANCE = "attendance", _("Heads counted at the door")
    SUBSCRIPTIONS = "subscriptions", _("Ended subscriptions and the proof of consent")
    SURVEYS = "surveys", _("Security surveys")
    EVENT_REQUESTS = "event-requests", _("Requests for events")
    CONTACTS = "contacts", _("Names, mailboxes and numbers that nothing else needs")
