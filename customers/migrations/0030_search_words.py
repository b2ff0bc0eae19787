"""Chinese names as they are typed and the digits of phone numbers, filled for everybody, found by trigrams;
orders by their number."""

from django.db import migrations, models, transaction

from customers.inserting import CHUNK, chunked, update_rows
from customers.migrations._online import AddIndexOnline
from customers.searching import words_of

INDEX = (
    "CREATE INDEX {how} customer_search_words ON customers_customer "
    "USING gin (search_words gin_trgm_ops)"
)


def fill(apps, schema_editor):
    customer = apps.get_model("customers", "Customer")
    rows = customer.objects.filter(search_words="").order_by("pk")
    for chunk in chunked(rows.values_list("pk", "name", "company", "phone").iterator(CHUNK)):
        spelt = ((words_of(name, company, phone), pk) for pk, name, company, phone in chunk)
        with transaction.atomic():
            update_rows(customer, ["search_words"], [row for row in spelt if row[0]])


def index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return  # said when the first of these indexes was not made
    # One that was broken off is there all the same, and of no use.
    schema_editor.execute("DROP INDEX IF EXISTS customer_search_words")
    # The digits of the phone stand in the words.
    schema_editor.execute("DROP INDEX IF EXISTS customer_search_phone")
    # A table in use is not locked while the index grows; inside a transaction (tests) it has to be.
    how = "" if connection.in_atomic_block else "CONCURRENTLY"
    schema_editor.execute(INDEX.format(how=how))
    schema_editor.execute("ANALYZE customers_customer")


def unindex(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS customer_search_words")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0029_customer_page_and_search")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, unindex),
        AddIndexOnline("order", models.Index(fields=["number"], name="order_number")),
    ]
