"""A report: the answer to one question, after randomised response."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from vigie.model import Frozen
from vigie.tracing.survey import QUESTIONS, FlipPercent, Question


class Report(Frozen):
    """What a phone sends once a day, if its owner agreed.

    Attributes:
        question: the one that the phone drew.
        flip_percent: with what probability it turned each bit over.
        bits: one for each option of the question.
        nonce: 16 random bytes in base64url, new for each report and the same when it is sent again.
        padding: anything, so that all reports have one length.
    """

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    question: Question
    flip_percent: FlipPercent
    bits: Annotated[tuple[Literal[0, 1], ...], Field(max_length=16)]
    nonce: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$")
    padding: str = ""

    @model_validator(mode="after")
    def _one_for_each_option(self) -> "Report":
        if len(self.bits) != len(QUESTIONS[self.question]):
            raise ValueError("there is one bit for each option")
        return self
