
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0008_calendar_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='rsvp',
            name='wants_invitation',
            field=models.BooleanField(db_default=False, verbose_name='wants a calendar invitation'),
        ),
    ]
