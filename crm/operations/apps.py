from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "crm.operations"

    def ready(self) -> None:
        from crm.operations import failures, heartbeats, listening, tracing  # noqa: F401  (they connect signals)
