from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the sending: neither of the two stops a writer."""

    atomic = False
    dependencies = [("notifications", "0013_canaries")]

    operations = [
        ValidateConstraint(model_name="message", name="message_has_one_subject"),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("canary__isnull", False)),
                fields=["canary"],
                name="message_of_canary",
            ),
        ),
    ]
