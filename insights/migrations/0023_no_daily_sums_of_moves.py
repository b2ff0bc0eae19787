from django.db import migrations, models


class Migration(migrations.Migration):
    """Movement is counted from each customer's own changes."""

    dependencies = [("insights", "0022_risks_compared")]
    operations = [
        migrations.DeleteModel(name="GroupFlow"),
        migrations.DeleteModel(name="SegmentFlow"),
        migrations.AddIndex(
            model_name="segmentmove",
            index=models.Index(
                fields=["customer", "day", "segment_before", "segment_after", "by_new_model"],
                name="segment_move_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="groupmove",
            index=models.Index(
                fields=["customer", "day", "group_before", "group_after", "by_new_model"],
                name="group_move_ends",
            ),
        ),
    ]
