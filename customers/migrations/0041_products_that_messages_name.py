"""The product that a message names, for those that nobody has said to be about one."""

import django.db.models.deletion
from django.db import migrations, models

from customers.migrations._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0040_other_names_of_products")]

    operations = [
        migrations.AddField(
            model_name="messagereading",
            name="named_product",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.product",
            ),
        ),
        AddIndexOnline(
            model_name="messagereading",
            index=models.Index(
                condition=models.Q(("named_product__isnull", False)),
                fields=["named_product"],
                name="reading_named_product",
            ),
        ),
    ]
