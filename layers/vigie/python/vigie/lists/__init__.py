"""What verifier applications download: lists that are published, version by version."""
