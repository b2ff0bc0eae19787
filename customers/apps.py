from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.following import after_migrating, before_migrating

        pre_migrate.connect(before_migrating, sender=self, dispatch_uid="customers.unfollowing")
        post_migrate.connect(after_migrating, sender=self, dispatch_uid="customers.following")
