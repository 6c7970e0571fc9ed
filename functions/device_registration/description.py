"""The routes of this function, for the OpenAPI description of tracing."""

from device_registration import problem
from device_registration.registration_request import (
    GivenChallenge,
    KeyRegistration,
    RegisteredKey,
)
from vigie.http.openapi import Answer, Operation, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, UNAVAILABLE

OPERATIONS = (
    Operation(
        method="post",
        path="/v1/attestation/challenge",
        name="giveAttestationChallenge",
        summary="Get the challenge that a new key of App Attest is attested with",
        answers={200: Answer("The challenge.", GivenChallenge), **problem_answers(UNAVAILABLE)},
    ),
    Operation(
        method="post",
        path="/v1/attestation/keys",
        name="registerAttestationKey",
        summary="Register a key of App Attest",
        body=KeyRegistration,
        answers={
            201: Answer("The key is registered.", RegisteredKey),
            **problem_answers(
                BODY_UNREADABLE,
                problem.NOT_ATTESTED,
                problem.BODY_TOO_LARGE,
                BODY_NOT_JSON,
                problem.BODY_INVALID,
                UNAVAILABLE,
            ),
        },
    ),
)
