"""What was changed since a moment is found by an index; tables in use are not locked while it grows."""

from django.db import migrations, models

INDEXES = {
    "order": models.Index(fields=["updated_at", "id"], name="order_updated"),
    "interaction": models.Index(fields=["updated_at", "id"], name="interaction_updated"),
    "event": models.Index(fields=["recorded_at", "id"], name="event_recorded"),
    "messagereading": models.Index(fields=["changed_at", "interaction"], name="reading_changed"),
}


class AddIndexOnline(migrations.AddIndex):
    """Inside a transaction (tests), and on SQLite, as any other."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        connection = schema_editor.connection
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        # One that was broken off is there all the same, and of no use.
        schema_editor.execute(f"DROP INDEX IF EXISTS {self.index.name}")
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index, concurrently=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0025_changed_since")]
    operations = [AddIndexOnline(model_name=name, index=index) for name, index in INDEXES.items()]
