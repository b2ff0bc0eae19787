"""The pages of what the models say, and the fragments of them that other pages show."""

from django.urls import path

from customers.exporting import KINDS
from insights.views import (
    alike,
    churn,
    concerns,
    demo,
    groups,
    horizon,
    ledger,
    models,
    product_voice,
    segment_tables,
    segments,
    team,
    topics,
    training,
    voice,
    voice_tables,
)

urlpatterns = [
    path("voice/", voice.voice, name="voice"),
    *(
        path(
            f"voice/messages.{kind}",
            voice_tables.voice_export,
            {"kind": kind},
            f"voice-export-{kind}",
        )
        for kind in KINDS
    ),
    path("voice/tables/<slug:table>/", voice_tables.voice_table, name="voice-table"),
    path("voice/topics/", topics.topics, name="voice-topics"),
    path("voice/topics/search/", topics.topics_search, name="voice-topics-search"),
    path("voice/topics/<int:number>/", topics.topic, name="voice-topic"),
    path("voice/topics/<int:number>/name/", topics.topic_name, name="voice-topic-name"),
    path("voice/concerns/", concerns.concerns_page, name="concerns"),
    path("voice/concerns/new/", concerns.concern_add, name="concern-add"),
    path("voice/concerns/<slug:code>/", concerns.concern_edit, name="concern-edit"),
    path("voice/concerns/<slug:code>/merge/", concerns.concern_merge, name="concern-merge"),
    path("voice/concerns/<slug:code>/switch/", concerns.concern_switch, name="concern-switch"),
    path(
        "voice/concerns/<slug:code>/examples/", concerns.concern_examples, name="concern-examples"
    ),
    path("products/<int:pk>/voice/", product_voice.product_voice, name="product-voice"),
    path("customers/<int:pk>/voice/", voice.customer_voice, name="customer-voice"),
    path("churn/", churn.churn, name="churn"),
    path("churn/tables/<slug:table>/", churn.churn_table, name="churn-table"),
    path("team/", team.team, name="team"),
    path("team/table/", team.team_table, name="team-table"),
    path("team/<int:pk>/", team.team_person, name="team-person"),
    path("segments/", segments.segments, name="segments"),
    path("segments/tables/<slug:table>/", segment_tables.segment_table, name="segment-table"),
    path("segments/<slug:segment>/alike/", alike.segment_alike, name="segment-alike"),
    path("segments/groups/<int:number>/alike/", alike.group_alike, name="group-alike"),
    path("segments/groups/<int:number>/name/", groups.group_name, name="group-name"),
    path("models/", models.models, name="models"),
    path("models/train/", training.train_all, name="models-train"),
    path("models/churn/horizon/", horizon.horizon, name="model-horizon"),
    path("models/churn/column/", training.column, name="model-column"),
    path("models/runs/<int:pk>/", models.training_run, name="model-run"),
    path("models/runs/<int:pk>/stop/", training.stop, name="model-run-stop"),
    path("models/<slug:kind>/", models.models, name="model"),
    path("models/<slug:kind>/live/", models.models_live, name="models-live"),
    path("models/<slug:kind>/detail/", models.model_detail, name="model-detail"),
    path("models/<slug:kind>/train/", training.train, name="model-train"),
    path(
        "models/<slug:kind>/versions/<int:number>/publish/",
        training.roll_back,
        name="model-roll-back",
    ),
    path("customers/<int:pk>/alike/", alike.customer_alike, name="customer-alike"),
    path("customers/<int:pk>/ledger/", ledger.customer_ledger, name="customer-ledger"),
    path("demo/status/", demo.demo_status, name="demo-status"),
    path("demo/remove/", demo.demo_remove, name="demo-remove"),
]
