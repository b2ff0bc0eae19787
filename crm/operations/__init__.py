"""Keeping an installation well: its health, figures, logs and backups, and the page that shows them."""
