"""What was changed since a moment is found by an index; tables in use are not locked while it grows."""

from django.db import migrations, models

from customers.migrations._online import AddIndexOnline

INDEXES = {
    "order": models.Index(fields=["updated_at", "id"], name="order_updated"),
    "interaction": models.Index(fields=["updated_at", "id"], name="interaction_updated"),
    "event": models.Index(fields=["recorded_at", "id"], name="event_recorded"),
    "messagereading": models.Index(fields=["changed_at", "interaction"], name="reading_changed"),
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0025_changed_since")]
    operations = [AddIndexOnline(model_name=name, index=index) for name, index in INDEXES.items()]
