"""Building and removing the demo company: repeatable, careful with what is there, and gone without a trace."""

import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from customers.models import (
    ChangeSet,
    Company,
    Customer,
    CustomerScore,
    Deletion,
    Event,
    Interaction,
    Order,
    OrderLine,
    Product,
    ScoreReasons,
    Task,
    Team,
    User,
)
from insights.demo import company
from insights.demo.company import NotEmpty, build
from insights.demo.removing import remove_demo, unfinished
from insights.models import (
    FullScoring,
    Kind,
    ModelVersion,
    PredictionLedger,
    TrainingRun,
    VersionScore,
)
from tests.insights.demo_company import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def rows() -> dict[str, int]:
    models = [*apps.get_app_config("customers").get_models(include_auto_created=True)]
    models += apps.get_app_config("insights").get_models()
    models.remove(FullScoring)  # one row of state, made by whoever asks first
    models.remove(Deletion)  # whoever has a copy of the examples is told that they went
    return {m._meta.label: n for m in models if (n := m._base_manager.count())}


def story() -> tuple:
    return (
        list(Customer.objects.order_by("pk").values_list("name", "email", "city", "attributes")),
        list(Order.objects.order_by("pk").values_list("number", "occurred_at", "base_amount")),
        list(OrderLine.objects.order_by("pk").values_list("product__sku", "quantity")),
        list(Event.objects.order_by("pk").values_list("kind", "occurred_at", "seconds")),
        list(Interaction.objects.order_by("pk").values_list("occurred_at", "text", "rating")),
        list(Task.objects.order_by("pk").values_list("title", "due_on", "done_at")),
    )


@pytest.mark.slow
def test_the_same_seed_tells_the_same_story():
    build(40, seed=5, now=NOW)
    first = story()
    remove_demo()
    build(40, seed=5, now=NOW)
    assert story() == first
    remove_demo()
    build(40, seed=6, now=NOW)
    assert story() != first


def test_what_is_removed_leaves_nothing_behind(admin, var):
    Company.current()
    before = rows()
    build(40, seed=1, now=NOW)
    customer = Customer.objects.order_by("pk").first()
    version = ModelVersion.objects.create(kind=Kind.CHURN, number=1, as_of=NOW, checksum="x")
    VersionScore.objects.create(version=version, customer=customer, scored_at=NOW, values={})
    Interaction.objects.create(customer=customer, channel="note", text="Mine", author=admin)
    remove_demo()
    assert rows() == before
    assert Company.current().name == ""
    assert [path for path in var.rglob("*") if path.is_file()] == []


def test_what_others_own_or_use_stays(admin, make_customer, make_order):
    mine = make_customer("Own Customer")
    build(40, seed=1, now=NOW, add=True)
    product = Product.objects.order_by("pk").first()
    order = make_order(mine, amount=20)
    OrderLine.objects.create(
        order=order, position=1, product=product, quantity=1, unit_price=20, amount=20, base_amount=20
    )  # fmt: skip
    mine.owner = User.objects.filter(is_demo=True, role="sales").first()
    mine.team = team = Team.objects.filter(is_demo=True).first()
    mine.save()
    remove_demo()
    mine.refresh_from_db()
    assert list(Customer.objects.all()) == [mine]
    assert mine.owner is None
    assert mine.team == team
    assert list(Product.objects.all()) == [product]
    assert OrderLine.objects.get().product == product
    assert list(User.objects.all()) == [admin]
    assert not ChangeSet.objects.filter(source="demo").exists()


@pytest.fixture
def beside(settings, tmp_path, make_customer):
    """A real customer beside the demo company, and what a model that has seen both says about them."""
    settings.MODELS_DIR = tmp_path / "models"
    mine = make_customer("Own Customer")
    build(20, seed=1, now=NOW, add=True)
    version = ModelVersion.objects.create(
        kind=Kind.CHURN, number=1, as_of=NOW, checksum="x", is_champion=True, published_at=NOW
    )
    version.directory.mkdir(parents=True)
    (version.directory / "model.json").write_text("{}")
    TrainingRun.objects.create(kind=Kind.CHURN, status="done", origin="button", version=version)
    CustomerScore.objects.create(
        customer=mine,
        churn_risk=0.8,
        churn_reason="recency",
        churn_version=version.pk,
        segment="new",
    )
    ScoreReasons.objects.create(customer=mine, churn={"base": 0.3, "reasons": []})
    PredictionLedger.objects.create(
        kind=Kind.CHURN, customer=mine, day=NOW.date(), version=version.pk, score=0.8
    )
    return mine, version


def test_models_that_have_learnt_from_the_demo_company_go_with_it(
    beside, django_capture_on_commit_callbacks
):
    mine, version = beside
    with django_capture_on_commit_callbacks() as callbacks:
        remove_demo()
    for callback in callbacks:
        if "rmtree" in callback.__code__.co_names:
            callback()
    assert not version.directory.exists()
    assert not ModelVersion.objects.exists() and not PredictionLedger.objects.exists()
    mine.score.refresh_from_db()
    assert (mine.score.churn_risk, mine.score.churn_version) == (None, None)
    assert mine.score.churn_reason == "" and mine.score.segment == "new"  # another model's word
    assert ScoreReasons.objects.get(customer=mine).churn == {}


def test_real_customers_beside_it_are_learnt_from_at_once(beside):
    remove_demo()
    run = TrainingRun.objects.get()
    assert (run.kind, run.status) == (Kind.CHURN, TrainingRun.Status.QUEUED)


def test_a_training_under_way_is_stopped_before_it_publishes_the_demo_company(beside):
    running = TrainingRun.objects.create(kind=Kind.SEGMENTS, status="running", origin="button")
    remove_demo()
    running.refresh_from_db()
    assert running.stop_requested


def test_what_was_learnt_before_the_demo_company_came_stays(make_customer):
    make_customer("Own Customer")
    own = ModelVersion.objects.create(
        kind=Kind.CHURN, number=1, as_of=NOW, checksum="x", is_champion=True, published_at=NOW
    )
    build(20, seed=1, now=NOW, add=True)
    remove_demo()
    assert list(ModelVersion.objects.all()) == [own] and not TrainingRun.objects.exists()


def test_the_last_admin_keeps_the_account_and_the_login(var):
    build(20, seed=1, now=NOW)
    remove_demo()
    left = User.objects.get()
    assert left.is_admin
    assert not left.is_demo
    assert left.username in (var / "demo_logins.json").read_text()


def test_it_refuses_a_database_with_customers_unless_told(make_customer):
    make_customer()
    with pytest.raises(CommandError, match="--add"):
        call_command("demo_company", customers=10)
    call_command("demo_company", customers=10, add=True, stdout=io.StringIO())
    assert Customer.objects.count() == 11


def test_it_refuses_a_second_demo_company():
    build(10, seed=1, now=NOW)
    with pytest.raises(NotEmpty, match="remove_demo"):
        build(10, seed=2, now=NOW, add=True)


def test_a_named_company_keeps_its_name(make_customer):
    mine = Company.current()
    mine.name, mine.time_zone = "Mine", "Asia/Shanghai"
    mine.save()
    make_customer()
    build(10, seed=1, now=NOW, add=True)
    assert Company.current().name == "Mine"
    remove_demo()
    assert (Company.current().name, Company.current().time_zone) == ("Mine", "Asia/Shanghai")


def test_it_does_not_touch_books_in_another_currency(make_customer):
    mine = Company.current()
    mine.base_currency = "USD"
    mine.save()
    make_customer()
    with pytest.raises(NotEmpty, match="USD"):
        build(10, seed=1, now=NOW, add=True)
    assert Customer.objects.count() == 1
    assert not ChangeSet.objects.exists()


@pytest.mark.slow
def test_an_interrupted_load_is_taken_out(monkeypatch):
    Company.current()
    before = rows()

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(company, "record_outside_reviews", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(10, seed=1, now=NOW)
    assert not Customer.objects.exists()
    assert not unfinished()
    assert rows() == before


@pytest.mark.slow
def test_one_that_was_killed_is_taken_out_by_the_next(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(company, "finish", lambda *args: None)  # as if killed before the end
        build(10, seed=1, now=NOW)
    assert unfinished()
    build(12, seed=1, now=NOW)
    assert Customer.objects.count() == 12
    assert User.objects.count() == 9
    assert not unfinished()


def test_it_says_how_far_it_is():
    out = io.StringIO()
    call_command("demo_company", customers=10, stdout=out)
    assert "10 of 10 customers" in out.getvalue()
    out = io.StringIO()
    call_command("remove_demo", stdout=out)
    assert "0 demo customers left" in out.getvalue()
    out = io.StringIO()
    call_command("remove_demo", stdout=out)
    assert "There is no demo company here" in out.getvalue()
