"""What each operation on records does, in words: (summary, description) by operation.

None where the view says it itself.
"""

PAGES = (
    " A page holds 50 rows unless `page_size` says otherwise (at most 500); `next` and `previous` are the addresses"
    " of the pages beside it, and null at the ends."
)
KEY = " With an `Idempotency-Key` it may be sent again without being done twice."
MATCH = " Send the `ETag` you have read as `If-Match`, and nobody else's change is overwritten."

SUMMARIES = {
    "token_create": (
        "Get a token",
        "A user name and password against a personal token. Send it as `Authorization: Bearer …`. It lives for 30"
        " days unless `days` says otherwise, sees what its person sees, and does what its scopes name.",
    ),
    "customers_list": (
        "List customers",
        "Every customer you may see: sales staff their own (and their team's, where the team shares), managers"
        " their teams', admins all." + PAGES,
    ),
    "customers_create": (
        "Add a customer",
        "Salespeople become the owner of what they add. External ids say under which id other systems know the"
        " customer; no two customers share one." + KEY,
    ),
    "customers_retrieve": ("Read a customer", "One customer with external ids, custom attributes and totals."),
    "customers_partial_update": (
        "Change a customer",
        "Only the fields sent are changed; the previous values stay in the history and can be brought back." + MATCH,
    ),
    "customers_scores_retrieve": (
        "Read a customer's scores",
        "What is published about this customer now, with the reasons in sentences; null where there is none yet.",
    ),
    "customers_recommendations_list": (
        "Read a customer's recommendations",
        "The products recommended to this customer now, best first, with the reason for each.",
    ),
    "customers_look_alikes_list": (
        "Read a customer's look-alikes",
        "The customers you may see who behave most like this one, nearest first, with what sets both apart from the"
        " average in the same way. Nobody where nothing is known of how they behave.",
    ),
    "products_list": ("List products", "The catalogue." + PAGES),
    "products_create": ("Add a product", "Managers and admins add products; the SKU is its name elsewhere." + KEY),
    "products_retrieve": ("Read a product", "One product."),
    "products_partial_update": (
        "Change a product",
        "Managers and admins change products; earlier prices and stock are kept." + MATCH,
    ),
    "orders_list": ("List orders", "Orders, returns and cancellations of the customers you may see." + PAGES),
    "orders_create": (
        "Add an order",
        "An order, a return or a cancellation, with lines or with an amount. A number that its source has used is"
        " a conflict; money in another currency is converted at the rate of its day." + KEY,
    ),
    "orders_retrieve": ("Read an order", "One order with its lines."),
    "concerns_list": (
        "List concerns",
        "Why customers write: the codes of readings and corrections, what they are called, and what those that were"
        " merged or switched off count as.",
    ),
    "interactions_list": ("List interactions", "Messages, calls, notes, reviews and complaints." + PAGES),
    "interactions_create": (
        "Add an interaction",
        "Something that was said. Only managers and admins record messages of people not known yet." + KEY,
    ),
    "interactions_retrieve": ("Read an interaction", "One message, call, note, review or complaint."),
    "interactions_partial_update": (
        "Correct an interaction",
        "Only the fields sent are changed; the previous values stay in the history." + MATCH,
    ),
    "interactions_correction_create": ("Set a reading right", None),
    "interactions_assignment_create": ("Hand a message to a colleague", None),
    "tasks_list": (
        "List tasks",
        "Tasks of the customers you may see, and your own that belong to no customer." + PAGES,
    ),
    "tasks_create": (
        "Add a task",
        "For a customer or for none; assigned to you unless you name somebody who may see the customer." + KEY,
    ),
    "tasks_retrieve": ("Read a task", "One task, with what came of it once it is done."),
    "tasks_partial_update": (
        "Change a task",
        "Only the fields sent are changed; the previous values stay in the history." + MATCH,
    ),
    "tasks_completion_create": ("Complete a task", None),
    "events_list": ("List events", "Browsing and other behaviour of the customers you may see." + PAGES),
    "events_create": ("Add events", None),
    "customers_bulk": ("Store customers", None),
    "products_bulk": ("Store products", None),
    "orders_bulk": ("Store orders", None),
    "interactions_bulk": ("Store interactions", None),
    "events_retrieve": ("Read an event", "One event."),
    "scores_list": (
        "List scores",
        "What is published now about every customer you may see, with reasons. `ordering=-churn_risk` begins with"
        " those most likely to leave, `-expected_value` with those who are expected to spend most in 12 months."
        + PAGES,
    ),
    "reasons_list": (
        "List reasons",
        "Why each churn risk is what it is: base plus points is the risk in percent. Sentences come in the language"
        " of `Accept-Language` (en, zh-hans)." + PAGES,
    ),
    "recommendations_list": (
        "List recommendations",
        "Products recommended now to every customer you may see, each with its reason." + PAGES,
    ),
}  # fmt: skip

# What a filter means wherever it stands.
PARAMETERS = {
    "after": "Where they went.",
    "before": "Where they came from.",
    "archived": "True: the archived ones only; false: all others.",
    "country": "Country, as it is written.",
    "external_id": "An id the customer has in another system.",
    "owner": "User name of the owner.",
    "tag": "Name of a tag.",
    "team": "Name of a team.",
    "updated_from": "Changed at or after this moment.",
    "customer": "Id of a customer.",
    "kind": "Kind, as it is written.",
    "occurred_from": "At or after this moment.",
    "occurred_before": "Before this moment.",
    "language": "Language code.",
    "rating": "1 to 5.",
    "label": "How it was read, or set right.",
    "intent": "Code of the concern.",
    "urgency_from": "At least this urgent, 0 to 3.",
    "read_language": "The language it was found to be in; `language` is what its sender said.",
    "assigned": "True: messages that somebody looks after; false: those that nobody does.",
    "unanswered": "True: customers' messages to which nothing has been sent since; false: those that were answered.",
    "assignee": "Username of whom it is assigned to.",
    "done": "True: those that are done; false: those that are open.",
    "due_from": "Due on or after this day.",
    "due_before": "Due before this day.",
    "outcome": "What came of it.",
    "number": "Order number.",
    "source": "The system it came from.",
    "category": "Category, as it is written.",
    "in_stock": "Whether it is in stock.",
    "search": "Part of the name.",
    "sku": "SKU.",
    "is_champion": "True: the published one of each kind.",
    "version": "Id of a model version.",
    "risk_from": "Churn risk of at least this, 0 to 1.",
    "risk_to": "Churn risk of at most this, 0 to 1.",
    "rank_to": "Up to this rank; 1 is the best only.",
    "score_from": "Chance of at least this, 0 to 1.",
    "scored_from": "Scored at or after this moment.",
    "segments_version": "Id of the segment model's version.",
    "value_from": "At least this much expected in 12 months, in the base currency.",
    "value_version": "Id of the value model's version.",
    "by_new_model": "Whether another version was published to the customer that day.",
    "day": "Day (UTC).",
    "day_from": "On or after this day (UTC).",
    "day_before": "Before this day (UTC).",
}
