
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0004_watch_groups'),
        ('scheduling', '0005_reader_confirms'),
    ]

    operations = [
        # The table is there since 0001; now it has a name, so that it can carry triggers.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='EventBeat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='scheduling.event')),
                        ('beat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='outreach.beat')),
                    ],
                    options={
                        'db_table': 'scheduling_event_also_beats',
                        'unique_together': {('event', 'beat')},
                    },
                ),
                migrations.AlterField(
                    model_name='event',
                    name='also_beats',
                    field=models.ManyToManyField(blank=True, related_name='shared_events', through='scheduling.EventBeat', to='outreach.beat', verbose_name='also of these beats'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=10)),
                ('is_own', models.BooleanField(default=False)),
                ('made_for', models.CharField(max_length=16)),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='FeedFetches',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('path', models.CharField(max_length=160)),
                ('client', models.CharField(max_length=20)),
                ('whole', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='FeedLink',
            fields=[
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('survey', 'Own survey request'), ('event-request', 'Own request for an event'), ('rsvp', 'Own seats at an event'), ('confirm', 'Confirm a subscription'), ('preferences', 'Own subscriptions'), ('own-feed', 'Own calendar')], max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FeedMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.BigIntegerField()),
                ('beat_id', models.BigIntegerField(null=True)),
                ('program', models.CharField(blank=True, db_default='', max_length=20)),
                ('staff_id', models.BigIntegerField(null=True)),
                ('group_id', models.BigIntegerField(null=True)),
                ('is_public', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='FetchLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('counted', models.PositiveBigIntegerField(default=0)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=160, unique=True)),
                ('made_for', models.CharField(blank=True, max_length=16)),
                ('stale_since', models.DateTimeField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveIntegerField(default=0)),
                ('events', models.PositiveIntegerField(default=0)),
                ('published_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='WatchMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'watch meeting',
                'verbose_name_plural': 'watch meetings',
            },
        ),
        migrations.AddField(
            model_name='series',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='series', to='outreach.watchgroup'),
        ),
        migrations.AlterField(
            model_name='rsvplink',
            name='purpose',
            field=models.CharField(choices=[('survey', 'Own survey request'), ('event-request', 'Own request for an event'), ('rsvp', 'Own seats at an event'), ('confirm', 'Confirm a subscription'), ('preferences', 'Own subscriptions'), ('own-feed', 'Own calendar')], max_length=20),
        ),
        migrations.AddField(
            model_name='feedentry',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feed_entries', to='scheduling.event'),
        ),
        migrations.AddConstraint(
            model_name='feedfetches',
            constraint=models.UniqueConstraint(fields=('on', 'path', 'client'), name='feed_fetches_once_a_day'),
        ),
        migrations.AddField(
            model_name='feedlink',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feed_links', to='outreach.staffmember'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('stale_since__isnull', False)), fields=['stale_since'], name='publication_stale'),
        ),
        migrations.AddField(
            model_name='watchmeeting',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch_meeting', to='scheduling.event'),
        ),
        migrations.AddField(
            model_name='watchmeeting',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='outreach.watchgroup'),
        ),
        migrations.AddConstraint(
            model_name='feedentry',
            constraint=models.UniqueConstraint(fields=('event', 'language', 'is_own'), name='feed_entry_once_a_language'),
        ),
    ]
