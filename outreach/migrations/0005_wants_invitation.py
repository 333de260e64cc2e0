
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0004_watch_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='eventrequest',
            name='wants_invitation',
            field=models.BooleanField(db_default=False, verbose_name='wants a calendar invitation'),
        ),
    ]
