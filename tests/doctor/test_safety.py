"""The doctor on settings, accounts and the department."""

import pytest

from config.doctor import safety
from outreach import department
from outreach.enums import Role
from outreach.models import Department
from tests.doctor.judging import BROKEN, LOOK, OK, seen, verdicts
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db


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
        assert verdicts(safety.department_is_real) == [BROKEN, BROKEN, BROKEN, LOOK]

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
