"""Choosing the language of the pages."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language as remember

from outreach import department

# Nothing of value is changed, and pages reached by a key in their address post without an origin.
set_language = csrf_exempt(remember)


class SwitchedOnLanguages(LocaleMiddleware):
    """What a browser or a cookie asks for, if the department writes in it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.LANGUAGE_CODE not in dict(department.current().languages):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
