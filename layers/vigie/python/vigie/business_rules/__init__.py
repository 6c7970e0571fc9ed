"""Business rules: what a country asks of a certificate at a date, as data in CertLogic."""
