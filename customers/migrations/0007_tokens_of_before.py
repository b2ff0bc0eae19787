"""Tokens of the earlier kind, one a person and stored as they are, become hashed ones; their table goes.

Whoever holds one goes on using it.
"""

from django.db import migrations

from customers.models.tokens import SHOWN, ApiToken, digest_of

TABLE = "authtoken_token"


def move(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT key, user_id FROM {TABLE}")
        rows = cursor.fetchall()
    model = apps.get_model("customers", "ApiToken")
    model.objects.bulk_create(
        model(
            user_id=user,
            name="Token",
            prefix=key[:SHOWN],
            digest=digest_of(key),
            scopes=list(ApiToken.Scope.values),
        )
        for key, user in rows
    )
    schema_editor.execute(f"DROP TABLE {TABLE}")
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="authtoken").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_api_tokens"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
