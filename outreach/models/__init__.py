from .accounts import AccountChange, Identity, PasswordLink
from .department import Department
from .first_links import FirstLink
from .groups import WatchGroup
from .journal import Journal
from .links import Link
from .milestones import Milestone
from .people import Contact, StaffMember, User
from .place_changes import PlaceChange
from .places import Beat, Venue
from .posts import Post
from .requests import EventRequest, EventRequestLink, RequestDecision
from .retention import LEAST_MONTHS, RetentionPeriod
from .streets import AddressRange, Street, StreetAlias, StreetSegment
from .submissions import Submission
from .surveys import Reveal, SurveyLink, SurveyRequest

__all__ = [
    "LEAST_MONTHS",
    "AccountChange",
    "AddressRange",
    "Beat",
    "Contact",
    "Department",
    "EventRequest",
    "EventRequestLink",
    "FirstLink",
    "Identity",
    "Journal",
    "Link",
    "Milestone",
    "PasswordLink",
    "PlaceChange",
    "Post",
    "RequestDecision",
    "RetentionPeriod",
    "Reveal",
    "StaffMember",
    "Street",
    "StreetAlias",
    "StreetSegment",
    "Submission",
    "SurveyLink",
    "SurveyRequest",
    "User",
    "Venue",
    "WatchGroup",
]
