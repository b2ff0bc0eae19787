"""Indexes of tables in use: they are not locked while the index grows. For migrations with ``atomic = False``."""

from django.db import migrations


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
