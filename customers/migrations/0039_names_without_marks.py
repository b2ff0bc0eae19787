"""Names as they are typed without their marks among the words that customers are found by; orders by what their number
begins with."""

from django.db import migrations, models, transaction

from customers.inserting import CHUNK, chunked, update_rows
from customers.migrations._online import AddIndexOnline
from customers.searching import words_of


def fill(apps, schema_editor):
    customer = apps.get_model("customers", "Customer")
    names = ("pk", "name", "company", "phone", "search_words")
    for chunk in chunked(customer.objects.order_by("pk").values_list(*names).iterator(CHUNK)):
        spelt = ((words_of(*row[1:4]), row[0], row[4]) for row in chunk)
        with transaction.atomic():
            fresh = [(words, pk) for words, pk, there in spelt if words != there]
            update_rows(customer, ["search_words"], fresh)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0038_lists_of_orders_and_interactions")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexOnline(
            "order",
            models.Index(
                fields=["number"], opclasses=["varchar_pattern_ops"], name="order_number_begins"
            ),
        ),
        migrations.RemoveIndex("order", "order_number"),
    ]
