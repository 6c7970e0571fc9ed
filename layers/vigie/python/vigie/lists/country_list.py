"""The countries of which verifiers know something: the file `countries.json` of `countries`.

The EU's business rule service lists the countries that its gateway has. Here they are those whose
signers are trusted, and those that have rules: who travels may choose any of them.
"""

COUNTRIES = "countries"
COUNTRIES_FILE = "countries.json"
