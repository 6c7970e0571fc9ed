"""Certificates as they are kept, for the functions that sign them and those that show them."""
