from customers.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import products from a CSV file; a second run of the same file changes nothing."
    kind = "products"
