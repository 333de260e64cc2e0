"""Fields stored under AES-256-GCM, bound to their table, row and name."""

from uuid import uuid4

from django.db import models

from outreach import encryption

ENDING = "_sealed"


class Sealed(models.Model):
    """A row with sealed fields: `address_sealed` is written by seal("address", …)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def sealed_names(cls) -> list[str]:
        """The fields one may seal and unseal."""
        names = [field.name for field in cls._meta.fields]
        return [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]

    def seal(self, field: str, text: str) -> None:
        """Set a sealed field; an empty text clears it."""
        table = self._meta.db_table
        sealed = encryption.seal(text, table=table, row=self.uid, field=field) if text else None
        setattr(self, f"{field}_sealed", sealed)

    def unseal(self, field: str) -> str:
        """The text, or an empty one where nothing is stored. Raises CannotOpen."""
        stored = getattr(self, f"{field}_sealed")
        if stored is None:
            return ""
        return encryption.unseal(stored, table=self._meta.db_table, row=self.uid, field=field)
