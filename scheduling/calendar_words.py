"""What is said of a calendar from outside: why it is not taken, and what becomes of each entry."""

from django.utils.translation import gettext_lazy as _

from scheduling.bounded import Fault, Unreadable
from scheduling.incoming_dates import Left
from scheduling.incoming_words import Note

FAULTS = {
    Fault.TOO_BIG: _("This file is too big; 1 MB is the most."),
    Fault.NOT_A_CALENDAR: _(
        "We cannot read this file as a calendar. Export it as .ics and try again."
    ),
    Fault.TOO_MANY: _("This calendar has too many events; 5,000 are the most."),
    Fault.TOO_LONG: _("An event of this calendar lasts longer than a year."),
    Fault.TOO_OFTEN: _("An event of this calendar repeats more often than we can follow."),
    Fault.UNKNOWN_ZONE: _("This calendar uses a time zone we do not know: %(name)s."),
    Fault.EMPTY: _("There is no event in this calendar."),
}
LEFT = {
    Left.PAST: _("It is past."),
    Left.PAST_DATES: _("The dates of this series before today are past."),
    Left.BEYOND: _("It lies farther ahead than we book."),
    Left.BEYOND_DATES: _("Later dates of this series lie farther ahead than we book."),
    Left.CANCELLED: _("It is cancelled in the file."),
    Left.TAKEN_OUT: _("This date was taken out of its series."),
    Left.NO_START: _("It says no start."),
    Left.UNREADABLE: _("We cannot read when it is."),
    Left.ENDS_FIRST: _("It ends before it begins."),
    Left.OVER_A_DAY: _("It lasts longer than a day."),
    Left.OVERNIGHT: _(
        "An event ends on the day it begins. What goes on after midnight is a second one."
    ),
    Left.GAP: _("The clocks jump over this time on that day."),
    Left.TWICE: _("It stands twice in the file; the last version counts."),
}
NOTES = {
    Note.FLOATING: _("Names no time zone: taken as our local time."),
    Note.ALL_DAY: _("All day: from midnight to midnight."),
    Note.NO_LENGTH: _("Says no end: as long as usual for the program."),
    Note.DOUBLED: _("This hour comes twice that night; the first one is taken."),
    Note.TENTATIVE: _("Tentative in the file: so it stays, and nobody is told."),
    Note.PRIVATE: _("Private in the file: for staff only."),
    Note.NO_TITLE: _("Has no title: called as the program."),
    Note.TITLE_CUT: _("The title was too long and is cut."),
    Note.PLACE_CUT: _("The place was too long and is cut."),
    Note.TEXT_CUT: _("The description was too long and is cut."),
    Note.TAGS: _("The description was formatted: only its words are taken."),
}


def fault(refusal: Unreadable) -> str:
    return str(FAULTS[refusal.fault] % {"name": refusal.detail})
