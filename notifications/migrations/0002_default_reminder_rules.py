"""The three reminders every event begins with."""

from django.db import migrations

# name: (minutes before, also by phone call)
DEFAULT_RULES = {
    "week-before": (7 * 24 * 60, False),
    "day-before": (24 * 60, True),
    "two-hours-before": (120, False),
}


def add_rules(apps, schema_editor):
    ReminderRule = apps.get_model("notifications", "ReminderRule")
    for name, (minutes, by_call) in DEFAULT_RULES.items():
        ReminderRule.objects.get_or_create(
            name=name, defaults={"lead_minutes": minutes, "is_by_call": by_call}
        )


def remove_rules(apps, schema_editor):
    ReminderRule = apps.get_model("notifications", "ReminderRule")
    ReminderRule.objects.filter(name__in=DEFAULT_RULES).delete()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunPython(add_rules, remove_rules)]
