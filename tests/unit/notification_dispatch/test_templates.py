"""Every template renders in every language, and an SMS stays in one part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError
from pydantic import ValidationError

from notification_dispatch.message import Messages
from notification_dispatch.sending import Template
from notification_dispatch.settings import LINK_BASE_LENGTH, Settings
from notification_dispatch.sms_text import is_gsm7, parts
from vigie.access.grant import link_token
from vigie.results.codes import Language

TOKEN = link_token(bytes(32), "sending")
# The most that the settings allow.
LONGEST_LINK = "https://" + "x" * (LINK_BASE_LENGTH - len("https://")) + "/#" + TOKEN
EVERY = [(template, language) for template in Template for language in Language]
SETTINGS = {
    "results_table": "r",
    "vaccinations_table": "v",
    "grants_table": "g",
    "contact_key_arn": "c",
    "link_key_arn": "l",
    "dead_letters_url": "d",
    "link_base_url": "https://vigie.example",
    "email_from": "no-reply@vigie.example",
    "sms_sender_id": "VIGIE",
}


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_an_sms_is_one_part_of_the_gsm_alphabet(template: Template, language: Language) -> None:
    text = Messages().sms(template, language, LONGEST_LINK)
    assert [letter for letter in text if not is_gsm7(letter)] == []
    assert parts(text) == 1
    assert text.endswith(LONGEST_LINK)


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_an_email_has_its_link_in_both_bodies(template: Template, language: Language) -> None:
    email = Messages().email(template, language, LONGEST_LINK)
    assert "\n" not in email.subject
    assert LONGEST_LINK in email.text
    assert f'href="{LONGEST_LINK}"' in email.html
    assert f'<html lang="{language}">' in email.html
    assert "30" in email.text
    assert "{{" not in email.subject + email.text + email.html


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_no_message_tells_what_it_is_about(template: Template, language: Language) -> None:
    messages = Messages()
    email = messages.email(template, language, "LINK")
    said = " ".join((*email.model_dump().values(), messages.sms(template, language, "LINK")))
    for word in ("covid", "test", "positif", "negati", "négatif", "positive", "laborato", "résult"):
        assert word not in said.casefold()


def test_html_is_escaped_and_text_is_not() -> None:
    email = Messages().email(Template.DOCUMENT_AVAILABLE, Language.ENGLISH, 'x"><b>')
    assert "<b>" not in email.html
    assert "<b>" in email.text


def test_a_template_that_names_what_is_not_given_fails() -> None:
    environment = Messages()._environment
    with pytest.raises(UndefinedError):
        environment.from_string("{{ outcome }}").render(link="")
    with pytest.raises(TemplateNotFound):
        environment.get_template("../message.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("é" * 160, 1),
        ("é" * 161, 2),
        ("é" * 306, 2),
        ("é" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" + "a" * 69, 1),
        ("ê" + "a" * 70, 2),
        ("ê" + "a" * 134, 3),
    ],
)
def test_parts(text: str, expected: int) -> None:
    assert parts(text) == expected


@given(st.sampled_from("êâîôûëïçœÀÈÊÔ«»…"))
def test_french_letters_that_double_the_price_are_seen(letter: str) -> None:
    assert not is_gsm7(letter)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link_base_url", "https://" + "x" * LINK_BASE_LENGTH),
        ("link_base_url", "https://vigie.example/"),
        ("link_base_url", "javascript:alert"),
        ("sms_sender_id", "12345"),
        ("sms_sender_id", "VIGIESANTE12"),
        ("sms_sender_id", "Vigie Santé"),
        ("preferred_channel", "post"),
    ],
)
def test_settings_that_would_spoil_every_message_fail_at_the_start(field: str, value: str) -> None:
    assert Settings.model_validate(SETTINGS)
    with pytest.raises(ValidationError):
        Settings.model_validate(SETTINGS | {field: value})
