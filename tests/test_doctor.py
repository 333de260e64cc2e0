"""The doctor says in plain words what is sound, what to look at and what is broken."""

import base64
import json
import os
import shutil
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from config.doctor import certificate, keyfile, machine, mail, safety, working
from config.doctor.checks import CHECKS, examine
from config.doctor.findings import Asked, Finding, Verdict
from notifications.services import pulse
from outreach import department, keys
from outreach.enums import Role
from outreach.models import Department
from scheduling import published
from tests import mail_sink
from tests.factories.people import StaffMemberFactory, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
OK, LOOK, BROKEN = Verdict


def seen(check, asked: Asked | None = None) -> list[tuple[Verdict, str]]:
    return [(found.verdict, found.words) for found in check(asked or Asked())]


def verdicts(check, asked: Asked | None = None) -> list[Verdict]:
    return [verdict for verdict, _ in seen(check, asked)]


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


class TestMachine:
    def test_running_servers_are_ok(self):
        for check in (machine.database_answers, machine.tables_are_up_to_date,
                      machine.broker_answers, machine.clock_is_right):  # fmt: skip
            assert verdicts(check) == [OK]

    def test_missing_migration(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM django_migrations WHERE id = (SELECT id FROM django_migrations"
                " WHERE app = 'outreach' ORDER BY name DESC LIMIT 1) RETURNING name"
            )
            (last,) = cursor.fetchone()

        ((verdict, words),) = seen(machine.tables_are_up_to_date)
        assert verdict == BROKEN
        assert f"outreach.{last}" in words

    def test_broker_that_is_gone(self, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        assert verdicts(machine.broker_answers) == [BROKEN]

    @pytest.mark.parametrize(("seconds", "verdict"), [(2, OK), (20, LOOK), (400, BROKEN)])
    def test_clock_that_is_off(self, seconds, verdict):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            assert verdicts(machine.clock_is_right) == [verdict]

    @pytest.mark.parametrize(("free", "verdict"), [(200, BROKEN), (1_000, LOOK), (9_000, OK)])
    def test_disk_that_fills(self, monkeypatch, free, verdict):
        usage = shutil._ntuple_diskusage(0, 0, free * 2**20)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)

        assert set(verdicts(machine.disk_has_room)) == {verdict}


def test_database_that_is_down_is_said_and_the_next_check_goes_on():
    def down(asked: Asked) -> list[Finding]:
        raise OperationalError

    found = list(examine(Asked(), [("First", down), ("Broker", machine.broker_answers)]))

    assert [(name, one.verdict) for name, one in found] == [("First", BROKEN), ("Broker", OK)]


class TestWork:
    def test_silent_workers_are_named(self):
        pulse.beat("planner")

        words = [words for _, words in seen(working.workers_live)]

        assert len(words) == 2
        assert not any("planned" in one for one in words)

    def test_working_ones_are_ok(self):
        for name in working.WORK:
            pulse.beat(name)

        assert verdicts(working.workers_live) == [OK]

    def test_publisher(self):
        assert verdicts(working.publisher_lives) == [BROKEN]
        published.sign()
        assert verdicts(working.publisher_lives) == [OK]
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            assert verdicts(working.publisher_lives) == [BROKEN]


class TestSafety:
    @pytest.mark.parametrize(
        ("name", "value", "verdict"),
        [
            ("DEMO", True, LOOK),
            ("DEBUG", True, BROKEN),
            ("SECRET_KEY", "django-insecure-" + "x" * 40, BROKEN),
        ],
    )
    def test_unsafe_setting(self, settings, name, value, verdict):
        settings.DEBUG = settings.DEMO = False
        assert set(verdicts(safety.settings_are_safe)) == {OK}

        setattr(settings, name, value)

        assert verdict in verdicts(safety.settings_are_safe)

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("http://127.0.0.1:8000", [LOOK]),
            ("http://outreach.city.example", [BROKEN]),
            ("https://outreach.city.example", [OK, LOOK]),
        ],
    )
    def test_address(self, settings, address, expected):
        settings.BASE_URL = address

        assert verdicts(safety.address_is_safe) == expected

    @pytest.mark.parametrize(("proxies", "expected"), [([], [OK, BROKEN]), (["10.0.0.1"], [OK])])
    def test_proxy_without_its_name(self, settings, proxies, expected):
        settings.BASE_URL = "https://outreach.city.example"
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        settings.TRUSTED_PROXIES = proxies

        assert verdicts(safety.address_is_safe) == expected

    def test_made_up_department_is_noticed(self):
        assert verdicts(safety.department_is_real) == [BROKEN, LOOK, LOOK, LOOK]

    def test_real_department_is_ok(self):
        department.know(
            Department(
                name="Cedar Point Police", city="Cedar Point", phone="(310) 458-8474",
                non_emergency="(310) 458-8491", mailbox="outreach@cedarpoint.gov",
                postal_address="1 Main St, Cedar Point",
            ),
            at=0,
        )  # fmt: skip

        assert verdicts(safety.department_is_real) == [OK]

    def test_accounts_without_second_factor_are_counted(self):
        assert seen(safety.accounts_are_guarded)[0][0] == LOOK
        guarded = StaffMemberFactory(role=Role.ADMINISTRATOR)
        safety.Authenticator.objects.create(user=guarded.user, type="totp", data={})
        assert verdicts(safety.accounts_are_guarded) == [OK]
        StaffMemberFactory()

        assert seen(safety.accounts_are_guarded) == [
            (LOOK, "1 of 2 staff accounts have no second factor.")
        ]


class TestMailServer:
    def test_server_that_takes_us(self, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("BEATBOOK_MAIL_PAGE", raising=False)
        with mail_sink.running(tmp_path) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port

            assert verdicts(mail.mail_leaves) == [OK]
            assert sink.mails() == []

    def test_server_that_is_not_there(self, settings, monkeypatch):
        monkeypatch.delenv("BEATBOOK_MAIL_PAGE", raising=False)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        assert verdicts(mail.mail_leaves) == [BROKEN]

    def test_server_without_the_encryption_we_ask_for(self, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("BEATBOOK_MAIL_PAGE", raising=False)
        with mail_sink.running(tmp_path) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            settings.EMAIL_USE_TLS = True

            assert verdicts(mail.mail_leaves) == [BROKEN]

    def test_catcher_is_said_aloud(self, monkeypatch):
        monkeypatch.setenv("BEATBOOK_MAIL_PAGE", "http://127.0.0.1:8025/")

        ((verdict, words),) = seen(mail.mail_leaves)
        assert verdict == LOOK
        assert "Nothing is mailed" in words


@contextmanager
def names(records: dict[str, list[str]], known: str = "cedarpoint.gov") -> Iterator[Asked]:
    """A name server on loopback that knows these TXT records."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = dns.message.from_wire(self.request[0])
            answer = dns.message.make_response(asked)
            name = asked.question[0].name.to_text().rstrip(".")
            if asked.question[0].rdtype == dns.rdatatype.TXT and name in records:
                texts = [f'"{text}"' for text in records[name]]
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *texts))
            elif not name.endswith(known):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self.request[1].sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        resolver.lifetime = 3
        yield Asked(resolver)
        server.shutdown()


SPF, DMARC = "v=spf1 include:mail.example -all", "v=DMARC1; p=quarantine"
KEY = "v=DKIM1; k=rsa; p=MIGfMA0"


class TestMailDomain:
    @pytest.fixture(autouse=True)
    def _ours(self):
        department.know(Department(mailbox="outreach@cedarpoint.gov"), at=0)

    @pytest.mark.parametrize(
        ("records", "expected"),
        [
            ({"": [SPF], "_dmarc.": [DMARC], "mail._domainkey.": [KEY]}, [OK, OK, OK]),
            ({"": ["site=7"], "_dmarc.": ["hello"]}, [BROKEN, LOOK, LOOK]),
            ({"": [SPF, "v=spf1 -all"]}, [BROKEN, LOOK, LOOK]),
            ({"": ["v=spf1 +all"], "_dmarc.": ["v=DMARC1; p = none"]}, [BROKEN, LOOK, LOOK]),
        ],
        ids=["sound", "missing", "twice", "open"],
    )
    def test_records(self, records, expected):
        with names({f"{name}cedarpoint.gov": texts for name, texts in records.items()}) as asked:
            assert verdicts(mail.mail_is_believed, asked) == expected

    def test_dmarc_of_the_domain_above_counts(self):
        department.know(Department(mailbox="us@pd.cedarpoint.gov"), at=0)
        with names({"pd.cedarpoint.gov": [SPF], "_dmarc.cedarpoint.gov": [DMARC]}) as asked:
            assert verdicts(mail.mail_is_believed, asked) == [OK, OK, LOOK]

    def test_selector_that_is_named(self):
        with names({"pd7._domainkey.cedarpoint.gov": [KEY]}) as asked:
            assert verdicts(mail.mail_is_believed, asked)[2] == LOOK
            named = Asked(asked.resolver, "pd7")
            assert verdicts(mail.mail_is_believed, named)[2] == OK

    def test_domain_that_is_not_there(self):
        with names({}, known="another.gov") as asked:
            ((verdict, words),) = seen(mail.mail_is_believed, asked)

        assert verdict == BROKEN
        assert "knows no cedarpoint.gov" in words

    def test_no_answer_is_no_verdict(self):
        silent = dns.resolver.Resolver(configure=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind(("127.0.0.1", 0))
            silent.nameservers, silent.port = ["127.0.0.1"], line.getsockname()[1]
            silent.lifetime = 0.2

            found = seen(mail.mail_is_believed, Asked(silent))

        assert [verdict for verdict, _ in found] == [LOOK] * 3
        assert all("could not ask" in words for _, words in found)

    def test_nobody_to_ask(self):
        assert verdicts(mail.mail_is_believed, Asked(None)) == [LOOK] * 3


@contextmanager
def tls_server(folder, days: int) -> Iterator[int]:
    """Speaks TLS as 127.0.0.1 with a certificate of so many more days; its file is made too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    class Quiet(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self):
            line, address = super().get_request()
            return context.wrap_socket(line, server_side=True), address

        def handle_error(self, request, client_address) -> None:
            """A caller that does not trust us hangs up."""

    with Quiet(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


class TestCertificate:
    @pytest.mark.parametrize(("days", "verdict"), [(60, OK), (14, LOOK), (3, BROKEN), (-2, BROKEN)])
    def test_days_left(self, settings, tmp_path, monkeypatch, days, verdict):
        with tls_server(tmp_path, days) as port:
            settings.BASE_URL = f"https://localhost:{port}"
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))

            ((found, words),) = seen(certificate.certificate_is_good)

        assert found == verdict, words
        if days > 0:
            assert f"{days} more days" in words

    def test_certificate_that_browsers_do_not_know(self, settings, tmp_path):
        with tls_server(tmp_path, 60) as port:
            settings.BASE_URL = f"https://localhost:{port}"

            assert verdicts(certificate.certificate_is_good) == [BROKEN]

    def test_nobody_there(self, settings):
        settings.BASE_URL = "https://localhost:1"

        assert verdicts(certificate.certificate_is_good) == [LOOK]

    def test_http_has_none(self, settings):
        settings.BASE_URL = "http://127.0.0.1:8000"

        assert verdicts(certificate.certificate_is_good) == []


def doctor() -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("doctor", stdout=said, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_command_tells_each_check_with_what_to_do_and_ends_with_one_when_broken(monkeypatch):
    monkeypatch.setattr(mail, "resolver", lambda: None)

    code, said = doctor()

    assert code == 1
    assert all(f" {name}: " in said for name, _ in CHECKS if name != "Certificate")
    assert "broken        Department: Mail would come from" in said
    assert "→ Set it on the page Department" in said


def test_command_ends_with_zero_when_nothing_is_broken(monkeypatch):
    sound = [(name, check) for name, check in CHECKS if name in ("Database", "Tables", "Broker")]
    monkeypatch.setattr("config.management.commands.doctor.CHECKS", sound)

    code, said = doctor()

    assert code == 0
    assert "3 OK, 0 look at this, 0 broken" in said
