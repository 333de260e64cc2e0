"""The habits a new database begins with; each department changes them as it likes."""

from django.db import migrations

# Program: usual minutes, set-up, take-down, days of notice, at most in a week and beat.
DEFAULTS = {
    "neighborhood-watch": (90, 15, 15, 14, 3),
    "presentations": (60, 30, 15, 14, 3),
    "academy": (180, 30, 30, 14, None),
    "national-night-out": (180, 60, 60, 14, None),
    "community": (60, 30, 30, 14, 3),
    "security-survey": (120, 0, 0, 1, None),
}


def add_policies(apps, schema_editor):
    ProgramPolicy = apps.get_model("scheduling", "ProgramPolicy")
    for program, (usual, before, after, notice, most) in DEFAULTS.items():
        ProgramPolicy.objects.get_or_create(
            program=program,
            defaults={
                "usual_minutes": usual,
                "set_up_minutes": before,
                "take_down_minutes": after,
                "notice_days": notice,
                "most_a_week": most,
            },
        )


def remove_policies(apps, schema_editor):
    apps.get_model("scheduling", "ProgramPolicy").objects.filter(program__in=DEFAULTS).delete()


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_availability_series_seats")]
    operations = [migrations.RunPython(add_policies, remove_policies)]
