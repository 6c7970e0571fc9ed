"""What may be wrong with a request."""

from http import HTTPStatus

from vigie.http.problem import kind

NOT_FOUND = kind(
    "not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "See the page for verifiers."
)
BODY_INVALID = kind(
    "body-invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The body is not a request to verify",
    "Send a certificate, and a country, a region, a time, a language or rules if you wish.",
)
BODY_TOO_LARGE = kind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "Send one certificate, and ten rules at most.",
)
RULE_MALFORMED = kind(
    "rule-malformed",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "A rule is not one",
    "Compare it with validation-rule.schema.json of the EU, its logic with CertLogic 1.3.3.",
)
UNPUBLISHED = kind(
    "list-unpublished",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The trust list was never published",
    "Ask the authority when it will be.",
)
