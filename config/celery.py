"""The doorbell: Celery rings, the tables remember."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Who works on what; all else is on the queue "default".
ROUTES = {
    "notifications.tasks.drain_personal": {"queue": "personal"},
    "notifications.tasks.drain_campaign": {"queue": "campaign"},
    "notifications.tasks.call_webhooks": {"queue": "campaign"},
    # Of its own: a change shows within 5 s, whatever else is being sent.
    "scheduling.tasks.publish": {"queue": "feeds"},
    "scheduling.tasks.heal_feeds": {"queue": "feeds"},
}
# Seconds between two rings, never local hours: those fall silent when the clocks change.
ROUNDS = {
    "notifications.tasks.plan": 3,
    "notifications.tasks.drain_personal": 5,
    "notifications.tasks.drain_campaign": 5,
    "notifications.tasks.call_webhooks": 5,
    "notifications.tasks.requeue": 30,
    "notifications.tasks.read_mail": 60,
    "notifications.tasks.send_canary": 60,
    "notifications.tasks.keep_records": 5,
    "notifications.tasks.forget": 3600,
    "scheduling.tasks.publish": 2,
    "scheduling.tasks.heal_feeds": 30,
    "scheduling.tasks.count_fetches": 60,
    "scheduling.tasks.tidy_feeds": 3600,
    "scheduling.tasks.extend": 3600,
    "scheduling.tasks.bring_in": 5,
    "scheduling.tasks.forget_imports": 3600,
    "config.tasks.back_up": 300,
    "scheduling.tasks.end_those_who_left": 60,
}

app = Celery("beatbook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "default"
app.conf.task_routes = ROUTES
app.conf.beat_scheduler = "config.ticker:Ticker"
app.conf.beat_schedule = {
    task: {"task": task, "schedule": every, "options": {"expires": every}}
    for task, every in ROUNDS.items()
}
app.autodiscover_tasks(["config", "notifications", "scheduling"])
