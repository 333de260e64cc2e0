from .bookings import Booking
from .events import Event, EventText, Revision
from .programs import SurveyVisit

__all__ = ["Booking", "Event", "EventText", "Revision", "SurveyVisit"]
