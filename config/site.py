"""The shell around the three apps: what every page may say, and who may sign in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from outreach import department as department_settings


class ClosedAccounts(DefaultAccountAdapter):
    """Staff accounts are made by the administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def department(request: HttpRequest) -> dict[str, Any]:
    """Names, phones and the address of this page in the other languages."""
    shown = department_settings.current()
    return {
        "department": shown,
        "is_demo": settings.DEMO,
        "languages": shown.languages,
        "page_path": request.get_full_path(),
    }
