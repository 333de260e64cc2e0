from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0017_erasure_repeated"),
    ]

    operations = [
        migrations.AddField(
            "erasure",
            "covered",
            ArrayField(models.TextField(), db_default=[], default=list, editable=False),
        ),
    ]
