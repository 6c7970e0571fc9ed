"""Signed messages between countries: CMS SignedData (RFC 5652) with one signer."""
