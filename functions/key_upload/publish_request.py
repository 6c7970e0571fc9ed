"""What an app sends to publish keys.

Source: `pkg/api/v1/exposure_types.go` of the Exposure Notification key server, Publish.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from vigie.model import Frozen

Int32 = Annotated[int, Field(ge=-(2**31), lt=2**31)]


class _Sent(Frozen):
    """A part of the request: types are exact, and a field that is not known is an error."""

    model_config = ConfigDict(strict=True, extra="forbid")


class SentKey(_Sent):
    """A key as it is sent; whether it can be taken is for the rules to say.

    Attributes:
        key: base64 of 16 bytes.
        rolling_start_number: first interval (600 s) that it was used in.
        rolling_period: for how many intervals.
        transmission_risk: 0 to 8; 0 where none is given.
    """

    key: str = ""
    rolling_start_number: Int32 = Field(0, alias="rollingStartNumber")
    rolling_period: Int32 = Field(0, alias="rollingPeriod")
    transmission_risk: Int32 = Field(0, alias="transmissionRisk")


class PublishRequest(_Sent):
    """A request, in which whatever is absent is empty.

    Attributes:
        keys: the keys.
        health_authority_id: which authority the app belongs to.
        verification_payload: a verification certificate or an upload code.
        hmac_key: base64 of the secret that binds a certificate to the keys; an upload code is
            used once and needs none.
        symptom_onset_interval: the interval (600 s) of the onset of symptoms; 0 if not known.
        traveler: whether the person was abroad.
        consent_to_federation: whether the person agrees that other countries get the keys; the
            reference does not know it.
        revision_token: of an earlier answer.
        padding: makes requests alike in size, and says nothing.
    """

    # JSON knows no tuples: this one is made of its array.
    keys: tuple[SentKey, ...] = Field((), alias="temporaryExposureKeys", strict=False)
    health_authority_id: str = Field("", alias="healthAuthorityID")
    verification_payload: str = Field("", alias="verificationPayload")
    hmac_key: str = Field("", alias="hmacKey")
    symptom_onset_interval: Int32 = Field(0, alias="symptomOnsetInterval")
    traveler: bool = False
    consent_to_federation: bool = Field(default=False, alias="consentToFederation")
    revision_token: str = Field("", alias="revisionToken")
    padding: str = ""
