"""A zone is written only if clients then read its clocks right."""

import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import icalendar
import pytest
from django.core.checks import run_checks

from scheduling.timezones import ZoneNotSupported, vtimezone

HOME = ["America/Los_Angeles", "America/New_York", "America/Phoenix", "Europe/Dublin",
        "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Chatham", "UTC"]  # fmt: skip
# Ramadan, an hour past the end of a day, an hour before it begins.
REFUSED = ["Africa/Casablanca", "Africa/El_Aaiun", "Africa/Cairo", "Asia/Jerusalem", "Asia/Gaza",
           "America/Santiago", "America/Nuuk"]  # fmt: skip
EVERY = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
SAMPLE = [*HOME, *EVERY[::5]]


def accepted(names: list[str]) -> dict[str, bytes]:
    written = {}
    for name in names:
        with suppress(ZoneNotSupported):
            written[name] = vtimezone(name)
    return written


@pytest.mark.parametrize("name", REFUSED)
def test_zone_whose_clocks_follow_no_yearly_rule_is_refused_by_name(name):
    with pytest.raises(ZoneNotSupported, match=name):
        vtimezone(name)


def test_usual_zones_are_written():
    assert set(accepted(HOME)) == set(HOME)
    assert len(accepted(SAMPLE)) > 0.9 * len(set(SAMPLE))


def read_back(written: bytes):
    """As a client does that knows no zone by its name; each body anew, for names are remembered."""
    odd = written.replace(b"\r\nTZID:", b"\r\nTZID:x-")
    return icalendar.Timezone.from_ical(odd).to_tz(lookup_tzid=False)


def instants() -> list[datetime]:
    """Both seasons of the next years, and the weeks in which clocks change."""
    first = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(days=50)
    each = [first + timedelta(days=29, hours=7) * step for step in range(60)]
    near = first.year + 1
    for month, day in ((3, 8), (3, 25), (4, 1), (9, 24), (10, 1), (10, 25), (11, 1)):
        begins = datetime(near, month, day, tzinfo=UTC)
        each += [begins + timedelta(hours=7) * step for step in range(24)]
    return each


@pytest.mark.parametrize("part", range(4))
def test_whatever_is_accepted_is_read_back_as_its_clocks_show(part):
    for name, written in accepted(SAMPLE[part::4]).items():
        zone, own = zoneinfo.ZoneInfo(name), read_back(written)
        for at in instants():
            local = at.astimezone(zone)
            naive = local.replace(tzinfo=None, fold=0)
            if local.fold or not_once(naive, zone):
                continue  # the doubled hour is written in UTC, the gap is refused
            assert naive.replace(tzinfo=own).utcoffset() == local.utcoffset(), (name, at)


def not_once(naive: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    once, again = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return once.utcoffset() != again.utcoffset()


@pytest.mark.parametrize(
    ("name", "found"),
    [("America/Los_Angeles", []), ("Africa/Casablanca", ["scheduling.E001"])],
)
def test_start_names_a_zone_that_cannot_be_written(settings, name, found):
    settings.TIME_ZONE = name

    messages = [one for one in run_checks() if one.id == "scheduling.E001"]

    assert [one.id for one in messages] == found
    assert all(name in one.msg for one in messages)


def test_rule_is_read_from_the_data_that_clocks_follow(tmp_path):
    """The system's edition comes first for zoneinfo, and may differ from the package's."""
    (tmp_path / "Odd").mkdir()
    copied = files("tzdata.zoneinfo").joinpath("Asia", "Kolkata").read_bytes()
    (tmp_path / "Odd/Place").write_bytes(copied)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        assert b"TZOFFSETTO:+0530" in vtimezone("Odd/Place")
        assert b"TZOFFSETTO:+0000" in vtimezone("Etc/GMT")  # not there: the package's
    finally:
        zoneinfo.reset_tzpath(to=list(before))
