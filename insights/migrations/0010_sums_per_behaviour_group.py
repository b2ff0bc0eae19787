from django.db import migrations, models


def fill(apps, schema_editor):
    """Sums are added up again by the next sweep; what is published says what its risks are about."""
    apps.get_model("insights", "FullScoring").objects.update(totals_outdated=True)
    of_churn = apps.get_model("insights", "ModelVersion").objects.filter(kind="churn")
    for version in of_churn.filter(is_champion=True):
        windows = version.summary.get("windows", {})
        days = 0 if windows.get("form") == "label" else windows.get("horizon_days")
        apps.get_model("customers", "Company").objects.update(published_horizon_days=days)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_risk_as_published"),
        ("insights", "0009_sweep_every_ten_seconds"),
    ]

    operations = [
        migrations.AddField(
            model_name="segmenttotals",
            name="cluster",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
