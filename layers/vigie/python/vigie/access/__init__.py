"""The link in a message: what it opens, for whom, and for how long."""
