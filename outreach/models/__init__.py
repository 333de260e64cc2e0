from .journal import Journal
from .links import Link
from .milestones import Milestone
from .people import Contact, StaffMember, User
from .places import Beat, Venue
from .posts import Post
from .streets import AddressRange, Street, StreetAlias, StreetSegment
from .submissions import Submission
from .surveys import Reveal, SurveyLink, SurveyRequest

__all__ = [
    "AddressRange",
    "Beat",
    "Contact",
    "Journal",
    "Link",
    "Milestone",
    "Post",
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
]
