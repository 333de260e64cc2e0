from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Apart, so that nobody waits while the contacts of a city are looked through."""

    dependencies = [("outreach", "0008_retention_periods")]

    operations = [
        ValidateConstraint(model_name="contact", name="contact_restricted_is_empty"),
    ]
