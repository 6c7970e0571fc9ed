"""How a result is shown to the person whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import (
    CertificateView,
    MethodView,
    OutcomeView,
    ResultView,
    StandingView,
)
from vigie.certificates.certificate_state import CertificateState
from vigie.results.codes import Outcome
from vigie.results.shown_outcome import shown_outcome, standing_of
from vigie.tracing.upload_permission import upload_permitted_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from result_access.wording import Wording
    from vigie.catalogue.disease import Disease
    from vigie.results.codes import Language
    from vigie.results.stored_result import ResultDocument


def may_be_due(result: ResultDocument, certificates: Sequence[CertificateView]) -> bool:
    """Whether a recovery certificate may be still to come."""
    return shown_outcome(result) is Outcome.DETECTED and not any(
        shown.kind == "recovery" and shown.state is CertificateState.VALID for shown in certificates
    )


def result_view(  # noqa: PLR0913 - what an answer is made from
    result: ResultDocument,
    certificates: Sequence[CertificateView],
    recovery_from: date | None,
    *,
    diseases: Mapping[str, Disease],
    language: Language,
    words: Wording,
    now: datetime,
) -> ResultView:
    """How to show a result in a language.

    Args:
        result: the current version.
        certificates: those made from it, as they are shown.
        recovery_from: when its recovery certificate will be issued, if one is to come.
        diseases: the catalogue.
        language: of the answer.
        words: of that language.
        now: the time, aware.
    """
    standing = standing_of(result)
    outcome = shown_outcome(result)
    disease = diseases.get(result.disease)
    return ResultView(
        id=result.result_id,
        disease=disease.names[language] if disease else result.disease,
        method=MethodView(code=result.method, text=words.methods[result.method]),
        standing=StandingView(code=standing, text=words.standings[standing]),
        outcome=OutcomeView(code=outcome, text=words.outcomes[outcome]) if outcome else None,
        version=result.version,
        sampled_at=result.sampled_at,
        reported_at=result.reported_at,
        laboratory=result.laboratory,
        testing_centre=result.testing_centre,
        advice=words.advice_for(result.disease).of(standing, outcome),
        certificates=tuple(certificates),
        recovery_certificate_from=recovery_from,
        upload_code_until=upload_permitted_until(result, disease, now),
    )
