from . import feed_marks as feed_marks
from .bookings import Booking
from .events import Event, EventBeat, EventText
from .feeds import FeedEntry, FeedFetches, FeedLink, FeedMark, FetchLog, Publication
from .hours import Closure, Hours, TimeOff
from .imports import CalendarImport, ImportedEvent, ImportRefusal
from .policies import ProgramPolicy
from .programs import RequestedEvent, SurveyVisit, WatchMeeting
from .records import Accommodation, CloseOut, Heard
from .revisions import Revision
from .seats import Attendance, Rsvp, RsvpLink, Seating
from .series import Occurrence, Series, SeriesText

__all__ = [
    "Accommodation",
    "Attendance",
    "Booking",
    "CalendarImport",
    "CloseOut",
    "Closure",
    "Event",
    "EventBeat",
    "EventText",
    "FeedEntry",
    "FeedFetches",
    "FeedLink",
    "FeedMark",
    "FetchLog",
    "Heard",
    "Hours",
    "ImportRefusal",
    "ImportedEvent",
    "Occurrence",
    "ProgramPolicy",
    "Publication",
    "RequestedEvent",
    "Revision",
    "Rsvp",
    "RsvpLink",
    "Seating",
    "Series",
    "SeriesText",
    "SurveyVisit",
    "TimeOff",
    "WatchMeeting",
]
