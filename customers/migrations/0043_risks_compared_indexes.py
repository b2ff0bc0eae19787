"""Whose risk has risen most is found by an index; scores in use are not locked while it grows."""

from django.db import migrations, models

from customers.migrations._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0042_risks_compared")]
    operations = [
        AddIndexOnline(
            model_name="customerscore",
            index=models.Index(fields=["-churn_change", "customer"], name="score_churn_change"),
        )
    ]
