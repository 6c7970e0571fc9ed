"""Identifiers of the French health system: of people, of professionals, of establishments."""
