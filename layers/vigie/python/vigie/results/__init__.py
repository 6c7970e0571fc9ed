"""Test results: what a laboratory reports, and what is kept of it."""
