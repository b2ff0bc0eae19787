from customers.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import orders from a CSV file; a second run of the same file changes nothing."
    kind = "orders"
