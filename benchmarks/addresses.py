"""The pages and lists that are measured, with the role of whoever opens them."""

from dataclasses import dataclass
from urllib.parse import urlencode

DEEP_PAGE = 20_000
TALKS = 50


@dataclass(frozen=True)
class Address:
    name: str
    role: str
    path: str


def addresses() -> list[Address]:
    parts = (
        homes, dashboards, lists, deep, filtered, conditions, searches, facts, single, work, through_api, admin_site,
    )  # fmt: skip
    return [address for part in parts for address in part()]


def homes() -> list[Address]:
    return [Address(f"home_{role}", role, "/") for role in ("sales", "manager", "admin")] + [
        Address("segments_manager", "manager", "/segments/"),
        Address("segments_admin", "admin", "/segments/"),
        Address("models", "admin", "/models/"),
    ]


def dashboards() -> list[Address]:
    paths = {
        "churn": "/churn/",
        "team": "/team/",
        "voice": "/voice/",
        "products": "/products/",
        "products_by_complaints": "/products/?sort=-negative",
    }
    roles = {"churn": ("sales", "manager"), "voice": ("manager",), "team": ("manager",)}
    return [Address(name, "admin", path) for name, path in paths.items()] + [
        Address(f"{name}_{role}", role, paths[name]) for name in roles for role in roles[name]
    ]


def in_list(name: str, role: str = "admin", **parameters) -> Address:
    query = f"?{urlencode(parameters)}" if parameters else ""
    return Address(f"list_{name}", role, f"/customers/{query}")


def lists() -> list[Address]:
    sorts = ("name", "-name", "-risk", "risk", "-value", "value", "-last", "last")
    roles = [in_list(role, role) for role in ("sales", "manager", "admin")]
    return roles + [
        in_list(f"by_{sort}_{role}", role, sort=sort)
        for role in ("admin", "manager", "sales")
        for sort in sorts
    ]


def deep() -> list[Address]:
    """The page whose first row has 20,000 pages before it, or half of all where there are not so many."""
    from django.conf import settings

    from customers.models import Customer
    from customers.paging import SORTS, place_of

    found = []
    rows = min(DEEP_PAGE * settings.CUSTOMER_PAGE_SIZE, Customer.objects.count() // 2)
    for name, sort in SORTS.items():
        order = [f"-{sort.field}" if sort.descending else sort.field, "pk"]
        valued = Customer.objects.active().filter(**{f"{sort.field}__isnull": False})
        there = Customer.objects.with_scores().filter(
            pk__in=valued.order_by(*order).values("pk")[rows : rows + 1]
        )
        if not there:  # no such figure has been worked out
            continue
        text = f"-{name}" if sort.descending else name
        found.append(in_list(f"deep_{name}", sort=text, after=place_of(there[0], sort)))
    return found


def filtered() -> list[Address]:
    from customers.models import Tag

    tag = Tag.objects.get(name="trade fair").pk
    return [
        in_list("segment", segment="at_risk"),
        in_list("segment_manager", "manager", segment="at_risk"),
        in_list("segment_by_risk", segment="at_risk", sort="-risk"),
        in_list("segment_by_last", segment="champions", sort="last"),
        in_list("cell", recency=5, frequency=5),
        in_list("group", group=1),
        in_list("high_risk", risk="high"),
        in_list("low_risk_by_name", risk="low", sort="name"),
        in_list("without_score", risk="none"),
        in_list("mine", "sales", owner="me"),
        in_list("mine_at_high_risk", "sales", owner="me", risk="high"),
        in_list("without_owner", owner="none"),
        in_list("country", country="Ireland"),
        in_list("country_china", country="China"),
        in_list("lead", lifecycle="lead"),
        in_list("churned_by_last", lifecycle="churned", sort="-last"),
        in_list("tag", tag=tag),
        in_list("archived", archived="on"),
        in_list("country_and_segment", country="Spain", segment="loyal", sort="-risk"),
    ]


def conditions() -> list[Address]:
    """Filters as people build them, nested ones and those over related records among them."""
    asked = {
        "overdue": ("all(last_order:over:60,value:gte:1000)", "-value"),
        "at_risk_or_lost": ("all(risk:gte:60,any(segment:in:at_risk~lost,last_order:over:90))", "-risk"),
        "countries": ("any(country:in:Ireland~Spain,all(country:in:China,orders:gte:10))", "name"),
        "complaining": ("all(complaints:gte:1)", "-value"),
        "much_this_quarter": ("all(orders_in:gte:3:90)", "-last"),
        "first_month": ("all(first_month:in:2025-06)", "-risk"),
        "worse": ("all(risk_change:rose:10)", "-value"),
    }  # fmt: skip
    return [
        in_list(f"where_{name}{'' if role == 'admin' else '_manager'}", role, where=tree, sort=sort)
        for role in ("admin", "manager")
        for name, (tree, sort) in asked.items()
    ]


def searches() -> list[Address]:
    from customers.models import Customer

    email = Customer.objects.order_by("-pk").first().email
    words = {
        "name": "Whitfield",
        "rare": "lantern & ke",
        "rarest": email.split("@")[0],
        "nothing": "qqxzzk",
        "email": email,
        "chinese_name": "萧若曦",
        "chinese_two": "萧睿",
        "chinese_one": "萧",
        "one_letter": "k",
        "two_letters": "ya",
        "phone": "+86 129 0003",
        "external_id": "NB0004711",
    }
    everyone = [in_list(f"search_{name}", q=text) for name, text in words.items()]
    return everyone + [
        in_list(f"search_{name}_{role}", role, q=words[name])
        for role in ("sales", "manager")
        for name in ("rare", "name", "chinese_two", "one_letter", "nothing")
    ]


def facts() -> list[Address]:
    """The lists of orders and conversations: as they open, and by what is asked for most and found least."""
    asked = {
        "orders": "/orders/",
        "orders_by_amount": "/orders/?sort=-amount",
        "orders_number": "/orders/?q=N10",
        "orders_name": "/orders/?q=Whitfield",
        "orders_returns": "/orders/?kind=back&days=90",
        "orders_country": "/orders/?country=Ireland",
        "orders_nothing": "/orders/?amount_from=999999999",
        "interactions": "/interactions/",
        "interactions_words": "/interactions/?q=refund",
        "interactions_rare": "/interactions/?q=qqxzzk",
        "interactions_unanswered": "/interactions/?unanswered=yes",
        "interactions_negative": "/interactions/?feeling=negative",
        "interactions_concern": "/interactions/?concern=cancel",
        "interactions_files": "/interactions/?files=yes",
        "orders_large": "/orders/?where=all(kind:in:sale,amount:gte:1000,date:last:30)",
        "orders_back_at_risk": "/orders/?where=all(kind:in:return,risk:gte:60)",
        "orders_of_lost": "/orders/?where=all(kind:in:sale,segment:in:lost)",
        "interactions_late": "/interactions/?where=all(unanswered:yes,date:over:2)",
        "interactions_urgent": "/interactions/?where=all(urgency:in:3~2,unanswered:yes)",
        "interactions_very_urgent": "/interactions/?where=all(urgency:in:3)",
        "interactions_one_star": "/interactions/?where=all(rating:lte:1)",
        "interactions_chinese": "/interactions/?where=all(language:in:zh-Hans)",
        "interactions_at_risk": "/interactions/?where=all(unanswered:yes,risk:gte:60)",
    }
    roles = ("sales", "manager", "admin")
    return [Address(f"{name}_{role}", role, path) for name, path in asked.items() for role in roles]


def single() -> list[Address]:
    """A customer with 50 interactions: the one of highest value, with as many more as are missing."""
    from customers.models import Customer, Interaction

    some = Customer.objects.exclude(owner=None).filter(archived_at=None).order_by("-totals__value")
    pk = some.values_list("pk", flat=True)[0]
    talks = Interaction.objects.filter(customer=pk)
    last = talks.order_by("-occurred_at").first()
    for number in range(TALKS - talks.count()):
        Interaction.objects.create(
            customer_id=pk, channel="note", text=f"Note {number}", occurred_at=last.occurred_at
        )
    return [
        Address("worse", "manager", "/customers/worse/"),
        Address("customer", "admin", f"/customers/{pk}/"),
        Address("customer_live", "admin", f"/customers/{pk}/live/"),
        Address("customer_stamp", "admin", f"/customers/{pk}/stamp/"),
        Address("customer_timeline", "admin", f"/customers/{pk}/timeline/"),
        Address("customer_alike", "admin", f"/customers/{pk}/alike/"),
        Address("customer_ledger", "admin", f"/customers/{pk}/ledger/"),
        Address("customer_voice", "admin", f"/customers/{pk}/voice/"),
    ]


def work() -> list[Address]:
    """What a day is spent with beside the customers; and the product that is bought most."""
    from customers.models import ProductSum

    best = ProductSum.objects.order_by("-sold").first()
    found = [] if best is None else [Address("product", "manager", f"/products/{best.product_id}/")]
    paths = {
        "tasks": "/tasks/",
        "calendar": "/tasks/calendar/",
        "notifications": "/notifications/",
        "palette": "/palette/?q=whitf",
    }
    return found + [
        Address(f"{name}_{role}", role, path)
        for name, path in paths.items()
        for role in ("sales", "manager")
    ]


def through_api() -> list[Address]:
    from customers.models import Customer

    pk = Customer.objects.order_by("-totals__value").first().pk
    paths = {
        "customers": "customers/",
        "customers_search": "customers/?search=lantern+%26+ke",
        "customers_segment": "customers/?segment=at_risk",
        "customers_risk": "customers/?risk_from=0.8",
        "customers_external_id": "customers/?external_id=NB0004711",
        "orders": "orders/",
        "orders_of_one": f"orders/?customer={pk}",
        "events": "events/",
        "events_of_one": f"events/?customer={pk}",
        "interactions": "interactions/",
        "scores": "scores/",
    }
    found = [Address(f"api_{name}", "admin", f"/api/v1/{path}") for name, path in paths.items()]
    return found + [
        Address(f"api_{name}_{role}", role, f"/api/v1/{name}/")
        for role in ("sales", "manager")
        for name in ("customers", "orders", "events", "interactions", "scores")
    ]


def admin_site() -> list[Address]:
    names = ("customer", "order", "event", "interaction", "product")
    return [Address(f"admin_{name}", "admin", f"/admin/customers/{name}/") for name in names]
