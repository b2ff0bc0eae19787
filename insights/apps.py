from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self) -> None:
        from customers.groups import ask
        from customers.topics import ask as ask_for_topics
        from customers.undoing import EDITED_ELSEWHERE
        from insights import erasing, listening  # noqa: F401  (connect the signals)
        from insights.models import GroupName, Topic
        from insights.naming import names_of_groups
        from insights.talk import choices_for

        for model in (GroupName, Topic):
            EDITED_ELSEWHERE[model._meta.model_name] = model
        ask(names_of_groups)
        ask_for_topics(choices_for)
