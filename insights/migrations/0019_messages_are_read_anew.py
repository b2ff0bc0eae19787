"""The rules read more wordings: what earlier rules have read is read anew, range by range, after whatever is new."""

from django.db import migrations
from django.db.models import F
from django.utils import timezone

RULES = "rules-2"


def ask(apps, schema_editor):
    if not apps.get_model("customers", "MessageReading").objects.filter(version__gt="").exists():
        return
    Rereading = apps.get_model("insights", "Rereading")
    Rereading.objects.get_or_create(pk=1)
    Rereading.objects.filter(pk=1).update(
        requested=F("requested") + 1,
        requested_at=timezone.now(),
        ended_at=None,
        total=None,
        handed_over=0,
        below=None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0034_what_was_sold_of_products"),
        ("insights", "0018_dashboards"),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
