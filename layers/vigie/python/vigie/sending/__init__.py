"""Sending messages through providers that may take one, or not, or leave it unknown."""
