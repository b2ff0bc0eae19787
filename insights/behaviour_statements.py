"""The SQL that brings where customers stand in their behaviour onto them (see insights.statements)."""

from customers.models import Behaviour

CELLS = ("cell", "cell_2", "cell_3", "cell_4")
NUMBERS = ("segment_distance", "next_cluster", "cluster_distance")
# Column -> where its value stands in what the version says.
PATHS = {
    **{side: ("sides", place) for place, side in enumerate(Behaviour.SIDES)},
    **{axis: ("axes", place) for place, axis in enumerate(Behaviour.AXES)},
    **{cell: ("cells", place) for place, cell in enumerate(CELLS)},
    **{name: (name, None) for name in NUMBERS},
}


def on_postgresql(name: str, place: int | None) -> str:
    inside = f"v.\"values\" -> 'alike' ->> '{name}'"
    if place is not None:
        inside = f"v.\"values\" -> 'alike' -> '{name}' ->> {place}"
    return f"CAST({inside} AS SMALLINT)"


def on_sqlite(name: str, place: int | None) -> str:
    at = "" if place is None else f"[{place}]"
    return f"json_extract(v.\"values\", '$.alike.{name}{at}')"


WORDS = {
    "postgresql": {f"alike_{column}": on_postgresql(*path) for column, path in PATHS.items()}
    | {
        "alike_next_segment": "v.\"values\" -> 'alike' ->> 'next_segment'",
        "told_alike": "jsonb_typeof(v.\"values\" -> 'alike') = 'object'",
    },
    "sqlite": {f"alike_{column}": on_sqlite(*path) for column, path in PATHS.items()}
    | {
        "alike_next_segment": "json_extract(v.\"values\", '$.alike.next_segment')",
        "told_alike": "json_type(v.\"values\", '$.alike') = 'object'",
    },
}
COLUMNS = [*PATHS, "next_segment"]

BEHAVIOUR = [
    f"""
INSERT INTO customers_behaviour (customer_id, {", ".join(COLUMNS)})
SELECT v.customer_id, {", ".join(f"{{alike_{name}}}" for name in COLUMNS)}
FROM insights_versionscore v WHERE v.version_id = %(version)s AND {{scope}} AND {{told_alike}}
ORDER BY v.customer_id
ON CONFLICT (customer_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
""",
    """
DELETE FROM customers_behaviour WHERE {scope} AND NOT EXISTS (
    SELECT 1 FROM insights_versionscore v
    WHERE v.version_id = %(version)s AND v.customer_id = customers_behaviour.customer_id AND {told_alike})
""",
]
