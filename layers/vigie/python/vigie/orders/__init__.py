"""Tests that an app ordered: the token of the order, and what the app finds by it."""
