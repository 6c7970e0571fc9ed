"""Vaccinations as they are kept: for the functions that certify them and those that show them."""
