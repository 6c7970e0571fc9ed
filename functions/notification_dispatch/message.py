"""What a message says, from the templates beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from vigie.access.grant import LIFETIME
from vigie.model import Frozen

if TYPE_CHECKING:
    from notification_dispatch.sending import Template
    from vigie.results.codes import Language

_FOLDER = Path(__file__).parent / "templates"


class Email(Frozen):
    """An e-mail, ready to send.

    Attributes:
        subject: one line.
        text: the body for readers without HTML.
        html: the body.
    """

    subject: str
    text: str
    html: str


class Messages:
    """Renders messages; a template sees the link and the days that it lives, and nothing else."""

    def __init__(self) -> None:
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(_FOLDER),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html"),
            # They are never changed in place: their files are not looked at for each message.
            auto_reload=False,
        )

    def email(self, template: Template, language: Language, link: str) -> Email:
        """The e-mail that carries a link."""
        return Email(
            subject=self._render(template, language, "email_subject.txt", link),
            text=self._render(template, language, "email.txt", link),
            html=self._render(template, language, "email.html", link),
        )

    def sms(self, template: Template, language: Language, link: str) -> str:
        """The SMS that carries a link."""
        return self._render(template, language, "sms.txt", link)

    def _render(self, template: Template, language: Language, part: str, link: str) -> str:
        source = self._environment.get_template(f"{template}/{language}/{part}")
        return source.render(link=link, days=LIFETIME.days).strip()
