"""Triggers that note which messages are to be read, and keep the copies beside what was read.

Each new message gets an empty row of customers.models.readings, each one that changes is to be read again: by the
database itself, so that no way of writing a message can forget it, and no lost wake-up can leave one out. What was
marked in words that have changed is forgotten at once.
"""

INBOUND = "direction = 'in' AND channel <> 'note'"
BEGIN = f"""
INSERT INTO customers_messagereading (interaction_id, customer_id, occurred_at, inbound)
SELECT id, customer_id, occurred_at, {INBOUND} FROM {{messages}}
"""
# The columns whose change makes another reading; of these two, the words themselves.
READ = "subject, text, channel, direction, rating, customer_id, occurred_at, product_id"
AGAIN = "UPDATE customers_messagereading SET read_at = NULL, changes = changes + 1"
CHANGED = """
UPDATE customers_messagereading SET read_at = NULL, changes = changes + 1,
    customer_id = NEW.customer_id, occurred_at = NEW.occurred_at,
    inbound = NEW.direction = 'in' AND NEW.channel <> 'note',
    details = CASE WHEN OLD.subject || '|' || OLD.text = NEW.subject || '|' || NEW.text
        THEN details ELSE '{}' END
WHERE interaction_id = NEW.id
"""
# A reply that is taken back answers nothing; the messages before it are gone over again.
TAKEN_BACK = f"""
{AGAIN} WHERE customer_id = OLD.customer_id AND answered_at >= OLD.occurred_at
"""
# Who refuses profiling has nothing read out of their words, from that moment on.
REFUSED = f"""
{AGAIN}, sentiment = NULL, label = '', label_read = '', intent = '', intent_read = '', urgency = 0, details = '{{}}'
WHERE customer_id = NEW.id
"""


def _row(columns: str, which: str) -> str:
    return ", ".join(f"{which}.{column.strip()}" for column in columns.split(","))


POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION perennial_reading_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {BEGIN.format(messages="fresh")} ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION perennial_reading_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {CHANGED}; RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION perennial_reading_unanswered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {TAKEN_BACK}; RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION perennial_reading_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {REFUSED}; RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER perennial_reading_begin AFTER INSERT ON customers_interaction
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION perennial_reading_begin();
CREATE OR REPLACE TRIGGER perennial_reading_again AFTER UPDATE OF {READ} ON customers_interaction
FOR EACH ROW WHEN (({_row(READ, "OLD")}) IS DISTINCT FROM ({_row(READ, "NEW")}))
EXECUTE FUNCTION perennial_reading_again();
CREATE OR REPLACE TRIGGER perennial_reading_unanswered AFTER DELETE ON customers_interaction
FOR EACH ROW WHEN (OLD.direction = 'out') EXECUTE FUNCTION perennial_reading_unanswered();
CREATE OR REPLACE TRIGGER perennial_reading_refused AFTER UPDATE OF profiling_refused ON customers_customer
FOR EACH ROW WHEN (OLD.profiling_refused <> NEW.profiling_refused)
EXECUTE FUNCTION perennial_reading_refused();
"""
SQLITE = [
    """
CREATE TRIGGER IF NOT EXISTS perennial_reading_begin AFTER INSERT ON customers_interaction BEGIN
INSERT OR IGNORE INTO customers_messagereading (interaction_id, customer_id, occurred_at, inbound)
VALUES (NEW.id, NEW.customer_id, NEW.occurred_at, NEW.direction = 'in' AND NEW.channel <> 'note'); END
""",
    f"""
CREATE TRIGGER IF NOT EXISTS perennial_reading_again AFTER UPDATE OF {READ} ON customers_interaction
WHEN ({_row(READ, "OLD")}) IS NOT ({_row(READ, "NEW")}) BEGIN {CHANGED}; END
""",
    f"""
CREATE TRIGGER IF NOT EXISTS perennial_reading_unanswered AFTER DELETE ON customers_interaction
WHEN OLD.direction = 'out' BEGIN {TAKEN_BACK}; END
""",
    f"""
CREATE TRIGGER IF NOT EXISTS perennial_reading_refused AFTER UPDATE OF profiling_refused ON customers_customer
WHEN OLD.profiling_refused <> NEW.profiling_refused BEGIN {REFUSED}; END
""",
]


def make_triggers(connection) -> None:
    """As often as you like: SQLite loses those of a table that a migration makes anew."""
    with connection.cursor() as cursor:
        for statement in [POSTGRESQL] if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def fill(connection) -> None:
    """An empty row for every message that has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            BEGIN.format(messages="customers_interaction m")
            + " WHERE NOT EXISTS (SELECT 1 FROM customers_messagereading r WHERE r.interaction_id = m.id)"
        )
