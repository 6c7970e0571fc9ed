"""Diagnosis keys of the Exposure Notification system, for the functions that take and give them."""
