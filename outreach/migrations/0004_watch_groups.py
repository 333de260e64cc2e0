
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0003_event_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('read_at', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WatchGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Permanent, in every address: lower-case letters, digits, hyphens.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]*$')], verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('area', models.CharField(blank=True, help_text='Blocks or a building, as everyone may read it: never a home address.', max_length=160, verbose_name='what it covers')),
                ('starts_on', models.DateField(verbose_name='since')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'watch group',
                'verbose_name_plural': 'watch groups',
                'ordering': ['name'],
            },
        ),
        migrations.AlterField(
            model_name='eventrequestlink',
            name='purpose',
            field=models.CharField(choices=[('survey', 'Own survey request'), ('event-request', 'Own request for an event'), ('rsvp', 'Own seats at an event'), ('confirm', 'Confirm a subscription'), ('preferences', 'Own subscriptions'), ('own-feed', 'Own calendar')], max_length=20),
        ),
        migrations.AlterField(
            model_name='surveylink',
            name='purpose',
            field=models.CharField(choices=[('survey', 'Own survey request'), ('event-request', 'Own request for an event'), ('rsvp', 'Own seats at an event'), ('confirm', 'Confirm a subscription'), ('preferences', 'Own subscriptions'), ('own-feed', 'Own calendar')], max_length=20),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='beat',
            trigger=pgtrigger.compiler.Trigger(name='beat_change_is_noted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO outreach_placechange (beat_id) VALUES (NEW.id); RETURN NULL;', hash='fce3509966d3659122b3c7a28c4e02764c26f34a', operation='UPDATE', pgid='pgtrigger_beat_change_is_noted_65968', table='outreach_beat', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='venue_change_is_noted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."block" IS DISTINCT FROM (NEW."block") OR OLD."disclosure" IS DISTINCT FROM (NEW."disclosure") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO outreach_placechange (venue_id) VALUES (NEW.id); RETURN NULL;', hash='860b320980b97204849e0d67e933f5683ac6c636', operation='UPDATE', pgid='pgtrigger_venue_change_is_noted_631db', table='outreach_venue', when='AFTER')),
        ),
        migrations.AddField(
            model_name='placechange',
            name='beat',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outreach.beat'),
        ),
        migrations.AddField(
            model_name='placechange',
            name='venue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outreach.venue'),
        ),
        migrations.AddField(
            model_name='watchgroup',
            name='beat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='outreach.beat', verbose_name='beat'),
        ),
        migrations.AddIndex(
            model_name='placechange',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['id'], name='place_change_unread'),
        ),
        migrations.AddConstraint(
            model_name='placechange',
            constraint=models.CheckConstraint(condition=models.Q(('venue__isnull', True), ('beat__isnull', True), _connector='XOR'), name='place_change_is_of_one_place'),
        ),
        migrations.AddConstraint(
            model_name='watchgroup',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='watch_group_ends_after_it_starts'),
        ),
    ]
