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
    "customers_archive_create": (
        "Archive a customer",
        "Out of the lists on the pages; nothing is lost. Archived already, they stay so since when they were." + MATCH
        + KEY,
    ),
    "customers_restore_create": ("Bring a customer back", "Back from the archive." + MATCH + KEY),
    "customers_destroy": (
        "Delete a customer",
        "Admins delete a customer of whom there are no orders, messages, visits or tasks; of others the answer is 409"
        " with the code `in_use`: archive them, or erase them. Nothing is kept of who is deleted, and deleting again is"
        " answered 204 as well." + MATCH,
    ),
    "customers_erase_create": (
        "Erase a customer for good",
        "Admins erase somebody with all that was ever stored about them: orders, messages with what was read out of"
        " them and their files, visits, tasks, scores, history. What is kept is that it was done, when and by whom."
        " 204; 202 where there is so much that a worker does it, which takes seconds to minutes: ask again until it is"
        " 204. Erasing again is answered 204 as well. It cannot be undone." + KEY,
    ),
    "products_archive_create": (
        "Archive a product",
        "Managers and admins take a product out of what is recommended; orders keep it. Archived already, it stays so"
        " since when it was." + MATCH + KEY,
    ),
    "products_restore_create": ("Bring a product back", "Back from the archive." + MATCH + KEY),
    "products_destroy": (
        "Delete a product",
        "Admins delete a product that no order, message or visit speaks of; of others the answer is 409 with the code"
        " `in_use`: archive it. Deleting again is answered 204 as well." + MATCH,
    ),
    "company_retrieve": ("Read the company", "What amounts and days are counted in."),
    "attributes_list": (
        "List custom attributes",
        "What the company wants to know of its customers beyond the built-in fields." + PAGES,
    ),
    "attributes_create": (
        "Define a custom attribute",
        "Admins define what `attributes` of customers may hold, with a type." + KEY,
    ),
    "attributes_retrieve": ("Read a custom attribute", "One custom attribute, by its name."),
    "attributes_partial_update": (
        "Change a custom attribute",
        "Admins change its label and position. Name and type stay: values are stored by them." + MATCH,
    ),
    "tags_list": ("List tags", "All tags; the list of customers takes one as `tag`." + PAGES),
    "tags_create": ("Make a tag", "Everybody makes tags, which are then given to customers." + KEY),
    "tags_retrieve": ("Read a tag", "One tag."),
    "teams_list": ("List teams", "The teams you belong to; for admins all of them." + PAGES),
    "teams_retrieve": ("Read a team", "One team."),
    "users_list": (
        "List users",
        "You and the people of your teams; for admins everybody, those who may no longer sign in among them." + PAGES,
    ),
    "users_retrieve": ("Read a user", "One person."),
    "exchange_rates_list": (
        "List exchange rates",
        "What one unit of a currency is worth in the base currency, from a day until the next row of that currency."
        + PAGES,
    ),
    "exchange_rates_create": (
        "Set an exchange rate",
        "Admins say what a currency is worth from a day on; one that has a rate from that day is a conflict. Orders"
        " that are stored keep the rate they were stored with." + KEY,
    ),
    "exchange_rates_retrieve": ("Read an exchange rate", "One rate."),
    "exchange_rates_partial_update": (
        "Correct an exchange rate",
        "Admins correct a rate; orders that are stored keep the one they were stored with." + MATCH,
    ),
    "exchange_rates_destroy": (
        "Delete an exchange rate",
        "Admins delete one that no order was converted at, and, where it is the last of its currency, that no product"
        " has a price in; of others the answer is 409 with the code `in_use`. Deleting again is answered 204 as well."
        + MATCH,
    ),
    "tokens_list": ("List tokens", "Your own; for admins everybody's. The secret is never shown again." + PAGES),
    "tokens_retrieve": ("Read a token", "What a token is for, how long it lives and when it was last used."),
    "tokens_revoke_create": (
        "Revoke a token",
        "It opens nothing from now on, the one that asks included; revoked already, it stays so since when it was."
        + KEY,
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
    "deletions_list": (
        "List deletions",
        "Which customers, products, orders and messages were deleted, of those you would see, for systems that keep a"
        " copy: ask with `recorded_from` for those since the moment that `Sync-From` said last. They are kept for some"
        " time, 400 days unless the installation says otherwise; a moment before that is refused with `too_early`."
        + PAGES,
    ),
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
    "role": "What they are.",
    "active": "Whether they may sign in.",
    "type": "Type of its values.",
    "revoked": "True: those that were revoked; false: all others.",
    "team": "Name of a team.",
    "updated_from": "Changed at or after this moment.",
    "updated_before": "Last changed before this moment.",
    "recorded_from": "Recorded at or after this moment.",
    "recorded_before": "Recorded before this moment.",
    "reading_from": "Read, answered or set right at or after this moment.",
    "where": "Conditions as in the address of the list of customers: `all(attr.plan:in:gold,value:gte:500)`.",
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
    "search": "Part of the name, or of another name.",
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
