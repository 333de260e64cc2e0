from .bookings import Booking
from .events import Event, EventText
from .hours import Closure, Hours, TimeOff
from .policies import ProgramPolicy
from .programs import RequestedEvent, SurveyVisit
from .records import Accommodation, CloseOut, Heard
from .revisions import Revision
from .seats import Attendance, Rsvp, RsvpLink, Seating
from .series import Occurrence, Series, SeriesText

__all__ = [
    "Accommodation",
    "Attendance",
    "Booking",
    "CloseOut",
    "Closure",
    "Event",
    "EventText",
    "Heard",
    "Hours",
    "Occurrence",
    "ProgramPolicy",
    "RequestedEvent",
    "Revision",
    "Rsvp",
    "RsvpLink",
    "Seating",
    "Series",
    "SeriesText",
    "SurveyVisit",
    "TimeOff",
]
