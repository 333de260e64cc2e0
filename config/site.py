"""The shell around the three apps: what every page may say, and who may sign in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):
    """Staff accounts are made by the administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def department(request: HttpRequest) -> dict[str, Any]:
    """Names, phones and the address of this page in the other languages."""
    return {
        "department": settings.DEPARTMENT,
        "is_demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "page_path": request.get_full_path(),
    }
