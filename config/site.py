"""The shell around the three apps: what every page may say."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from outreach import access
from outreach import department as department_settings


def department(request: HttpRequest) -> dict[str, Any]:
    """Names, phones and the address of this page in the other languages."""
    shown = department_settings.current()
    return {
        "department": shown,
        "is_demo": settings.DEMO,
        "oidc_name": settings.OIDC_URL and settings.OIDC_NAME,
        "languages": shown.languages,
        "page_path": request.get_full_path(),
        "may": SimpleLazyObject(lambda: _menu(request)),
    }


def _menu(request: HttpRequest) -> access.Menu:
    user = getattr(request, "user", None)  # a call may be refused before anybody is known
    try:
        return access.menu(getattr(request, "staff", None) or access.staff_member_for(user))
    except PermissionDenied:
        return access.Menu()
