"""The doctor on the certificate browsers see."""

import pytest

from config.doctor import certificate
from tests.doctor.judging import BROKEN, LOOK, OK, seen, verdicts
from tests.doctor.tls import tls_server

pytestmark = pytest.mark.django_db


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
