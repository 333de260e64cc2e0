
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0011_own_feed_purpose'),
        ('outreach', '0005_wants_invitation'),
        ('scheduling', '0009_rsvp_wants_invitation'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('outcome', models.CharField(choices=[('taken', 'Shown to staff'), ('older', 'To an earlier version'), ('foreign', 'Of nobody we invited'), ('unreadable', 'Not readable')], max_length=12)),
                ('times', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('on', 'outcome'), name='reply_count_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='InvitationReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('needs-action', 'No answer yet'), ('accepted', 'Coming'), ('declined', 'Not coming'), ('tentative', 'Perhaps'), ('waitlisted', 'On the waitlist')], max_length=12)),
                ('sequence', models.PositiveIntegerField()),
                ('stamped_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(auto_now=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_replies', to='outreach.contact')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_replies', to='scheduling.event')),
            ],
            options={
                'verbose_name': 'answer to an invitation',
                'verbose_name_plural': 'answers to invitations',
                'constraints': [models.UniqueConstraint(fields=('event', 'contact'), name='invitation_reply_once_a_guest')],
            },
        ),
    ]
