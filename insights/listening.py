"""Hears of changed facts."""
