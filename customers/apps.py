from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.following import after_migrating

        post_migrate.connect(after_migrating, sender=self, dispatch_uid="customers.following")
