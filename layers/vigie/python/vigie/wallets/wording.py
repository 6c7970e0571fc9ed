"""The words of a pass, from the files beside this one: one for each language."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from vigie.results.codes import Language


class Word(StrEnum):
    """What a pass says in the reader's language."""

    VACCINATION_CERTIFICATE = "vaccination-certificate"
    TEST_CERTIFICATE = "test-certificate"
    RECOVERY_CERTIFICATE = "recovery-certificate"
    NAME = "name"
    BIRTH_DATE = "birth-date"
    DISEASE = "disease"
    VACCINE = "vaccine"
    HOLDER = "holder"
    DOSE = "dose"
    GIVEN_ON = "given-on"
    TEST_KIND = "test-kind"
    TEST_NAME = "test-name"
    DEVICE = "device"
    SAMPLED_AT = "sampled-at"
    RESULT = "result"
    CENTRE = "centre"
    FIRST_POSITIVE_ON = "first-positive-on"
    VALID_FROM = "valid-from"
    VALID_UNTIL = "valid-until"
    COUNTRY = "country"
    ISSUER = "issuer"
    IDENTIFIER = "identifier"
    EXPIRES_AT = "expires-at"
    NOTICE = "notice"
    NOTICE_TEXT = "notice-text"
    NAAT = "naat"
    ANTIGEN = "antigen"
    DETECTED = "detected"
    NOT_DETECTED = "not-detected"


Wording: TypeAlias = Mapping[Word, str]


@cache
def wording(language: Language) -> Wording:
    """The words of one language, all of them."""
    written = (files(__package__) / "wording" / f"{language}.json").read_text(encoding="utf-8")
    texts = json.loads(written)
    return {word: texts[word] for word in Word}
