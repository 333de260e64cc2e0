"""The doctor on mail: whether it leaves, and whether others believe that it is ours."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from config.doctor import mail
from config.doctor.findings import Asked
from outreach import department
from outreach.models import Department
from tests import mail_sink
from tests.doctor.judging import BROKEN, LOOK, OK, seen, verdicts
from tests.doctor.tls import tls_server

pytestmark = pytest.mark.django_db


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

        ((verdict, words),) = seen(mail.mail_leaves)

        assert verdict == BROKEN
        assert words.endswith("cannot be used: nobody answers at that port.")

    def test_server_without_the_encryption_we_ask_for(self, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("BEATBOOK_MAIL_PAGE", raising=False)
        with mail_sink.running(tmp_path) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            settings.EMAIL_USE_TLS = True

            ((verdict, words),) = seen(mail.mail_leaves)

        assert verdict == BROKEN
        assert words.endswith("cannot be used: it offers no encryption.")

    def test_server_whose_certificate_the_sending_would_refuse(
        self, settings, tmp_path, monkeypatch
    ):
        monkeypatch.delenv("BEATBOOK_MAIL_PAGE", raising=False)
        with tls_server(tmp_path, 60) as port:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
            settings.EMAIL_USE_SSL = True

            ((verdict, words),) = seen(mail.mail_leaves)

        assert verdict == BROKEN
        assert "its certificate is not trusted by this machine (self" in words

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
