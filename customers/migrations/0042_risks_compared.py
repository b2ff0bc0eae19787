from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0041_products_that_messages_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerscore",
            name="churn_change",
            field=models.FloatField(null=True, verbose_name="change of the churn risk in 30 days"),
        ),
        migrations.AddField(
            model_name="customerscore",
            name="churn_risk_then",
            field=models.FloatField(null=True, verbose_name="churn risk up to 30 days ago"),
        ),
        migrations.AddField(
            model_name="customerscore",
            name="churn_then_on",
            field=models.DateField(
                null=True, verbose_name="churn risk up to 30 days ago, published on"
            ),
        ),
        migrations.AddField(
            model_name="customerscore",
            name="churn_then_version",
            field=models.BigIntegerField(null=True),
        ),
    ]
