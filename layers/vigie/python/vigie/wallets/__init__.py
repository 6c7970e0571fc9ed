"""Certificates in the wallets of phones: Apple's and Google's passes."""
