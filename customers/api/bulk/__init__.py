"""Many rows in one request: each is checked, stored or refused by itself, and answered in its place.

How it goes: :mod:`.taking` tells the story; a kind (:mod:`.events`, :mod:`.orders` …) says what a row may hold and
turns good rows into what :mod:`customers.upserting` writes, the one path for bulk facts. Everything is looked up for
the whole request, never for a row, so a request costs the same queries for ten rows and for two thousand.
"""
