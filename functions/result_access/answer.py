"""What the API takes and gives: the models that its OpenAPI description is made from."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from vigie.access.open_request import OpenRequest
from vigie.certificates.certificate_state import CertificateState
from vigie.certificates.kind import CertificateKind
from vigie.model import Frozen
from vigie.results.codes import Language, Method, Outcome
from vigie.results.shown_outcome import Standing
from vigie.vaccinations.stored_vaccination import VaccinationStatus


class UploadCodeRequest(OpenRequest):
    """What a person gives to alert their contacts with a result behind a link."""

    result_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        description="The `id` of the result."
    )


class GivenUploadCode(Frozen):
    """An upload code: whoever has it may give diagnosis keys, once, without a name."""

    code: str = Field(description="The code: a JWT, for `verificationPayload`.")
    link: str = Field(description="Opens the tracing app with the code.")
    qr_svg: str = Field(description="The link as QR code, as an SVG document.")
    expires_at: datetime = Field(description="When the code stops being taken.")


class PersonView(Frozen):
    """Whom the results are about."""

    family_name: str
    given_names: tuple[str, ...]
    birth_date: str


class MethodView(Frozen):
    """How the test was made, as a code and in words."""

    code: Method
    text: str


class OutcomeView(Frozen):
    """What the test says, as a code and in words."""

    code: Outcome
    text: str


class StandingView(Frozen):
    """How settled the result is, as a code and in words."""

    code: Standing
    text: str


class AdviceView(Frozen):
    """What to do next."""

    title: str
    steps: tuple[str, ...]


class CertificateView(Frozen):
    """An EU Digital COVID Certificate; its text and images are there while it is valid."""

    name: str = Field(
        description="Its name among those of its source, for `/v1/results/certificate`."
    )
    kind: CertificateKind
    title: str
    state: CertificateState
    valid_from: date
    valid_until: date
    hcert: str | None = Field(None, description="The text of the QR code, from `HC1:`.")
    qr_png: str | None = Field(None, description="The QR code as PNG, in base64.")
    qr_svg: str | None = Field(None, description="The QR code as an SVG document.")


class ResultView(Frozen):
    """A test result, for the person whom it is about."""

    id: str
    disease: str = Field(description="Name of the disease, in words.")
    method: MethodView
    standing: StandingView
    outcome: OutcomeView | None = Field(
        description="Absent while the result is preliminary, and once it is withdrawn."
    )
    version: int
    sampled_at: datetime
    reported_at: datetime
    laboratory: str = Field(description="FINESS number of the laboratory.")
    testing_centre: str | None
    advice: AdviceView
    certificates: tuple[CertificateView, ...] = Field(
        description="The one that is current, or what became of the last one; empty if none was."
    )
    recovery_certificate_from: date | None = Field(
        description="The day on which a recovery certificate will be there, if one is to come."
    )
    upload_code_until: datetime | None = Field(
        description="Until when `/v1/results/upload-code` gives a code, if it gives one."
    )


class VaccinationView(Frozen):
    """A vaccination, for the person whom it is about."""

    id: str
    disease: str = Field(description="Name of the disease, in words.")
    product: str = Field(description="EU code of the product.")
    product_name: str | None = Field(description="As the EU's list of products has it.")
    number: int = Field(description="Which of the person's doses it is.")
    given_on: date
    country: str = Field(description="Where it was given, ISO 3166-1 alpha-2.")
    status: VaccinationStatus
    version: int
    certificates: tuple[CertificateView, ...] = Field(
        description="The one that is current, or what became of the last one; empty if none was."
    )


class OpenedLink(Frozen):
    """Everything behind a link: of each kind, the latest first."""

    language: Language
    expires_at: datetime = Field(description="When the link stops working.")
    person: PersonView
    results: tuple[ResultView, ...]
    vaccinations: tuple[VaccinationView, ...] = ()
