"""Add up what customers wrote, per customer and subject: in one statement each, however many messages."""

from collections.abc import Sequence

from django.db import connection, transaction

from customers.models import CustomerSubject, CustomerVoice

Kind = CustomerSubject.Kind
CHUNK = 500
FROM = """
FROM customers_messagereading r JOIN customers_customer c ON c.id = r.customer_id
{joined} WHERE r.label <> '' AND r.occurred_at IS NOT NULL AND NOT c.profiling_refused {scope}
"""
LATEST = "MAX(r.occurred_at)"
LATEST_OF = "MAX(CASE WHEN r.label = '{}' THEN r.occurred_at END)"
VOICE = f"""
INSERT INTO customers_customervoice (customer_id, last_at, label, negative_at, neutral_at, positive_at)
SELECT s.customer_id, s.last_at,
    CASE s.last_at WHEN s.negative_at THEN 'negative' WHEN s.neutral_at THEN 'neutral' ELSE 'positive' END,
    s.negative_at, s.neutral_at, s.positive_at
FROM (SELECT r.customer_id, {LATEST} AS last_at, {LATEST_OF.format("negative")} AS negative_at,
        {LATEST_OF.format("neutral")} AS neutral_at, {LATEST_OF.format("positive")} AS positive_at
    {FROM} GROUP BY r.customer_id) s WHERE TRUE
ON CONFLICT (customer_id) DO UPDATE SET last_at = excluded.last_at, label = excluded.label,
    negative_at = excluded.negative_at, neutral_at = excluded.neutral_at, positive_at = excluded.positive_at
"""
SUBJECT = f"""
INSERT INTO customers_customersubject (customer_id, kind, code, last_at, negative_at)
SELECT r.customer_id, '{{kind}}', {{code}}, {LATEST}, {LATEST_OF.format("negative")}
{FROM} GROUP BY r.customer_id, {{code}}
ON CONFLICT (customer_id, kind, code) DO UPDATE SET last_at = excluded.last_at, negative_at = excluded.negative_at
"""
# Of each kind: where its code stands, what that takes, and what has none.
SOURCES = {
    Kind.CONCERN: ("r.intent", "", "AND r.intent <> ''"),
    Kind.PRODUCT: (
        "CAST(COALESCE(i.product_id, r.named_product_id) AS TEXT)",
        "JOIN customers_interaction i ON i.id = r.interaction_id",
        "AND COALESCE(i.product_id, r.named_product_id) IS NOT NULL",
    ),
}


@transaction.atomic
def add_up(customers: Sequence[int]) -> None:
    """Of these customers, some of whose messages have just been read."""
    for start in range(0, len(customers), CHUNK):
        chunk = list(customers[start : start + CHUNK])
        CustomerVoice.objects.filter(customer__in=chunk).delete()
        CustomerSubject.objects.filter(customer__in=chunk, kind__in=SOURCES).delete()
        _write(f"AND r.customer_id IN ({', '.join(['%s'] * len(chunk))})", chunk)


@transaction.atomic
def add_up_everybody() -> None:
    CustomerVoice.objects.all().delete()
    CustomerSubject.objects.filter(kind__in=SOURCES).delete()
    _write()


@transaction.atomic
def add_up_concerns(codes: Sequence[str]) -> None:
    """Concerns were merged, switched off or put back: what these stand for now."""
    CustomerSubject.objects.filter(kind=Kind.CONCERN, code__in=codes).delete()
    if codes:
        scope = f"AND r.intent IN ({', '.join(['%s'] * len(codes))})"
        _write_kind(Kind.CONCERN, scope, list(codes))


@transaction.atomic
def add_up_subjects(kind: str, code: str, joined: str) -> None:
    """All of a kind whose codes stand in another app's tables; ``code`` and ``joined`` are SQL."""
    CustomerSubject.objects.filter(kind=kind).delete()
    _execute(SUBJECT.format(kind=kind, code=code, joined=joined, scope=""))


def _write(scope: str = "", values: Sequence = ()) -> None:
    _execute(VOICE.format(joined="", scope=scope), values)
    for kind in SOURCES:
        _write_kind(kind, scope, values)


def _write_kind(kind: str, scope: str, values: Sequence) -> None:
    code, joined, more = SOURCES[kind]
    _execute(SUBJECT.format(kind=kind, code=code, joined=joined, scope=f"{more} {scope}"), values)


def _execute(statement: str, values: Sequence = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
