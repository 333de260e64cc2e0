"""One import at a time: two would each find the other's rows missing."""

from django.db import connection
from django.db.models import Model


def alone_on(model: type[Model]) -> None:
    """Wait for another import of this kind; readers go on. Call inside a transaction."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
