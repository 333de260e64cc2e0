"""What must hold before anything starts."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from outreach import keys


def key_file_can_be_used(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Found at the start, not when the first resident sends an address."""
    try:
        for use in ("seal", "link"):
            keys.current(use)
    except ImproperlyConfigured as failure:
        hint = "Put the key file of this installation in its place, from the copy kept apart."
        return [Error(str(failure), hint=hint, id="config.E001")]
    return []
