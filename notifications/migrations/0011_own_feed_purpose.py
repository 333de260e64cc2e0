
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0010_claim_by_channel'),
    ]

    operations = [
        migrations.AlterField(
            model_name='subscriptionlink',
            name='purpose',
            field=models.CharField(choices=[('survey', 'Own survey request'), ('event-request', 'Own request for an event'), ('rsvp', 'Own seats at an event'), ('confirm', 'Confirm a subscription'), ('preferences', 'Own subscriptions'), ('own-feed', 'Own calendar')], max_length=20),
        ),
    ]
