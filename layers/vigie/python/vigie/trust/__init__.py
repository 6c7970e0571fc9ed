"""Whom verifiers trust: the signers of all countries, checked and listed."""
