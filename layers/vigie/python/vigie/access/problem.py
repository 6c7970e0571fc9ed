"""What is answered of a link that does not open."""

from http import HTTPStatus

from vigie.http.problem import kind

# One answer for an unknown, expired or locked link and for a wrong birth date.
LINK_NOT_OPENED = kind(
    "link-not-opened",
    HTTPStatus.FORBIDDEN,
    "The link could not be opened",
    "The link or the birth date is wrong, or the link has expired or was tried too often.",
)
