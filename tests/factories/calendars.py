"""Calendar files as others write them."""

from zoneinfo import ZoneInfo

from outreach.enums import Program
from outreach.models import Beat, StaffMember
from scheduling.enums import Classification
from scheduling.models import CalendarImport
from scheduling.services import imports
from scheduling.services.verdicts import Choice
from tests.factories.series import coming

UTC = ZoneInfo("UTC")


def calendar(*events: str, head: str = "") -> bytes:
    """Each event is the lines between its BEGIN and END."""
    bodies = "".join(f"BEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\n" for body in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{bodies}END:VCALENDAR\r\n".encode()


def zoned(name: str, stamp: str) -> str:
    return f"{name};TZID=America/Los_Angeles:{stamp}"


def make_import(staff: StaffMember, beat: Beat, *further: str) -> CalendarImport:
    """An upload that waits for its button: a new event, one that is past, one without a start."""
    bodies = [
        f"UID:new\r\nSUMMARY:Meeting\r\nDTSTART:{coming(2):%Y%m%d}T190000\r\nDURATION:PT1H",
        "UID:past\r\nSUMMARY:Long ago\r\nDTSTART:20200101T190000Z",
        "UID:never\r\nSUMMARY:Some day\r\nLOCATION:Here",
        *further,
    ]
    choice = Choice(Program.NEIGHBORHOOD_WATCH, beat, Classification.PUBLIC)
    return imports.stage(choice, calendar(*bodies), file_name="old.ics", by=staff)
