"""The doctor on the key file: whole, unreadable, damaged, or of another installation."""

import base64
import json
import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from config.doctor import keyfile
from outreach import keys
from tests.doctor.judging import BROKEN, LOOK, OK, seen, verdicts
from tests.factories.people import make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


class TestKeyFile:
    @pytest.fixture(autouse=True)
    def own_file(self, settings, tmp_path) -> Iterator[None]:
        shutil.copyfile(settings.KEY_FILE, tmp_path / "keys.json")
        settings.KEY_FILE = tmp_path / "keys.json"
        settings.KEY_FILE.chmod(0o400)
        self.file = settings.KEY_FILE
        self.forget()
        yield
        self.forget()

    def forget(self) -> None:
        keys.every.cache_clear()
        keys._read.cache_clear()

    def write(self, text: str) -> None:
        self.file.chmod(0o600)
        self.file.write_text(text)
        self.file.chmod(0o400)
        self.forget()

    def rings(self) -> dict:
        return json.loads(self.file.read_text())

    def test_sound_file_is_ok(self):
        assert verdicts(keyfile.keys_are_whole) == [OK, OK]

    @pytest.mark.parametrize(("mode", "verdict"), [(0o440, LOOK), (0o404, BROKEN), (0o666, BROKEN)])
    def test_file_that_others_can_read(self, mode, verdict):
        self.file.chmod(mode)

        assert verdicts(keyfile.keys_are_whole) == [OK, verdict]

    def test_missing_file(self):
        self.file.unlink()

        ((verdict, words),) = seen(keyfile.keys_are_whole)
        assert verdict == BROKEN
        assert str(self.file) in words

    @pytest.mark.parametrize(
        "damage",
        [
            lambda rings: "",
            lambda rings: "{",
            lambda rings: "[]",
            lambda rings: json.dumps(rings)[:-9],
            lambda rings: json.dumps({"seal": rings["seal"]}),
            lambda rings: json.dumps(rings | {"link": {"current": "k9", "keys": {}}}),
            lambda rings: json.dumps(rings | {"link": {"current": "k1", "keys": {"k1": "%"}}}),
            lambda rings: json.dumps(rings | {"link": {"current": "k1", "keys": {"k1": 7}}}),
            lambda rings: json.dumps(rings | {"link": {"keys": []}}),
            lambda rings: json.dumps(
                rings
                | {"seal": {"current": "k1", "keys": {"k1": base64.b64encode(b"short").decode()}}}
            ),
        ],
        ids=range(10),
    )
    def test_damaged_file_is_one_clear_sentence(self, damage):
        self.write(damage(self.rings()))

        assert verdicts(keyfile.keys_are_whole) == [BROKEN]

    def test_sealed_fields_open_with_their_own_keys(self):
        assert seen(keyfile.sealed_fields_open) == [(OK, "Nothing is sealed yet.")]
        make_request(BeatFactory(), address="12 Oak St")

        ((verdict, words),) = seen(keyfile.sealed_fields_open)
        assert (verdict, "12 Oak" in words) == (OK, False)

    def test_file_of_another_installation_opens_nothing(self):
        make_request(BeatFactory(), address="12 Oak St")
        other = {"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}}
        self.write(json.dumps({"seal": other, "link": other}))

        assert verdicts(keyfile.keys_are_whole) == [OK, OK]
        assert verdicts(keyfile.sealed_fields_open) == [BROKEN]

    def test_start_is_refused_under_the_keys_of_another_city(self):
        make_request(BeatFactory(), address="12 Oak St")
        call_command("check_keys", verbosity=0)
        other = {"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}}
        self.write(json.dumps({"seal": other, "link": other}))

        with pytest.raises(CommandError, match="of another installation"):
            call_command("check_keys")
