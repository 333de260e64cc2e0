"""Choosing the language of the pages."""

from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language as remember

# Nothing of value is changed, and pages reached by a key in their address post without an origin.
set_language = csrf_exempt(remember)
