"""A new key: what was sealed still opens, is put under it, and then needs the old one no more."""

import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from outreach import keys, links
from outreach.enums import VenueKind
from outreach.models import SurveyLink, Venue
from outreach.services import key_rotation, surveys
from tests.factories.people import make_request
from tests.factories.places import BeatFactory
from tests.factories.webhooks import SECRET, make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_file(settings, tmp_path):
    own = tmp_path / "keys.json"
    own.write_text(Path(settings.KEY_FILE).read_text())
    own.chmod(0o600)
    settings.KEY_FILE = own
    forget()
    yield own
    forget()


def forget() -> None:
    """As a process that was started again."""
    for one in (keys._read, keys.every):
        one.cache_clear()


def rings(file: Path) -> dict:
    return json.loads(file.read_text())


def test_new_key_seals_anew_and_the_old_one_is_needed_no_more(key_file, capsys):
    request = make_request(BeatFactory(), address="77 Zanzibar Terrace")
    hook = make_webhook()
    call_command("new_key", "seal")
    assert "k2 is the seal key" in capsys.readouterr().out
    forget()

    request.refresh_from_db()
    assert request.unseal("address") == "77 Zanzibar Terrace"  # still under the old one
    call_command("reseal")
    assert "outreach_surveyrequest: 1 sealed anew" in capsys.readouterr().out
    call_command("reseal")
    assert "outreach_surveyrequest: 0 sealed anew" in capsys.readouterr().out

    told = rings(key_file)
    del told["seal"]["keys"]["k1"]
    key_file.write_text(json.dumps(told))
    forget()
    request.refresh_from_db()
    hook.refresh_from_db()
    assert request.unseal("address") == "77 Zanzibar Terrace"
    assert hook.unseal("secret") == SECRET


def test_control_without_sealing_anew_the_old_key_is_missed(key_file):
    make_request(BeatFactory(), address="77 Zanzibar Terrace")
    key_rotation.add_key("seal")
    told = rings(key_file)
    del told["seal"]["keys"]["k1"]
    key_file.write_text(json.dumps(told))
    forget()

    with pytest.raises(CommandError, match="no key 'k1'"):
        call_command("reseal")


def test_links_of_the_old_key_still_open(key_file):
    request = make_request(BeatFactory())
    token = surveys.own_link(request)
    key_rotation.add_key("link")
    forget()

    assert links.uid_of(SurveyLink, token)
    assert surveys.own_link(request) != token


def test_key_file_keeps_its_owner_and_stays_closed(key_file):
    before = key_file.stat()
    key_rotation.add_key("seal")

    after = key_file.stat()
    assert (after.st_uid, stat.S_IMODE(after.st_mode)) == (before.st_uid, 0o600)
    assert list(key_file.parent.glob(".keys*")) == []


def test_a_key_file_that_cannot_be_written_stays_as_it_was(key_file, monkeypatch):
    before = key_file.read_text()
    monkeypatch.setattr("os.fsync", refuse)

    with pytest.raises(CommandError, match="No space left"):
        call_command("new_key", "seal")
    assert key_file.read_text() == before
    assert list(key_file.parent.glob(".keys*")) == []


def refuse(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_many_rows_are_sealed_anew_in_parts(key_file, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 3)
    homes = [Venue(name=f"Home {n}", kind=VenueKind.HOME, disclosure="block") for n in range(7)]
    for home in homes:
        home.seal("address", f"{home.name}, Oak St")
    Venue.objects.bulk_create(homes)
    key_rotation.add_key("seal")
    forget()

    *_, done = key_rotation.reseal()

    assert done["outreach_venue"] == 7
    assert {row.unseal("address") for row in Venue.objects.all()} == {
        f"Home {n}, Oak St" for n in range(7)
    }
