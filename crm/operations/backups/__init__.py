"""One checksummed file with everything an installation knows: its records, its models, what was uploaded.

A tar file, readable with any tool::

    database/…                  a copy of the SQLite file, or one COPY stream per table of PostgreSQL; gzipped
    models/<kind>/v<n>/…        the files of every version that the records call kept
    uploads/…
    manifest.json               releases, migrations, rows per table, SHA-256 of each part
    SHA256                      of every byte before it

Not in it: .env with its keys and passwords, the broker's queues (they only wake workers), log files.
"""
