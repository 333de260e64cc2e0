"""Whether the key file is the one that sealed this database."""

from django.apps import apps
from django.db.models import BinaryField

from outreach.models.sealed import Sealed


def must_open_the_newest() -> None:
    """Open the newest value of every sealed field; raises CannotOpen when one does not."""
    for model in apps.get_app_config("outreach").get_models():
        if issubclass(model, Sealed):
            for column in model._meta.get_fields():
                if isinstance(column, BinaryField):
                    _open_newest(model, column.name.removesuffix("_sealed"))


def _open_newest(model: type[Sealed], field: str) -> None:
    rows = model._default_manager.exclude(**{f"{field}_sealed": None})
    if newest := rows.order_by("-pk").first():
        newest.unseal(field)
