"""Who a record is about: identity, contact, and the pseudonym that stands for both elsewhere."""
