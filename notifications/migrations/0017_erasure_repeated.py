from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody carried it out: repeated by itself after a restore.

    In SQL of our own, for Django would make the foreign key anew and look at every row. Going back
    is refused while there are such rows.
    """

    dependencies = [
        ("notifications", "0016_records"),
        ("outreach", "0009_restricted_contacts_checked"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE notifications_erasure ALTER COLUMN staff_id DROP NOT NULL",
                    "ALTER TABLE notifications_erasure ALTER COLUMN staff_id SET NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "erasure",
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="outreach.staffmember",
                    ),
                ),
            ],
        ),
    ]
