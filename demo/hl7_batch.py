"""Writes test results as an HL7 v2.5.1 batch of ORU^R01, as a laboratory system would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.results.codes import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vigie.results.test_result import TestResult

_STATUS = {
    Status.PRELIMINARY: "P",
    Status.FINAL: "F",
    Status.AMENDED: "A",
    Status.CORRECTED: "C",
    Status.WITHDRAWN: "W",
    Status.NOT_OBTAINABLE: "X",
}
_OUTCOME = {
    Outcome.DETECTED: "260373001^Detected^SCT",
    Outcome.NOT_DETECTED: "260415000^Not detected^SCT",
    Outcome.INCONCLUSIVE: "419984006^Inconclusive^SCT",
    Outcome.NOT_OBTAINABLE: "",
}
_INS_NIR = "INS-NIR&1.2.250.1.213.1.4.8&ISO"


def write_batch(results: Iterable[TestResult], laboratory: str, name: str) -> bytes:
    """The bytes of a batch file, carriage returns between segments, UTF-8.

    Args:
        results: one message each.
        laboratory: FINESS, the sending facility.
        name: of the testing centre.
    """
    messages = [_message(result, laboratory, name) for result in results]
    header = f"FHS|^~\\&|LIS|{laboratory}\rBHS|^~\\&|LIS|{laboratory}\r"
    trailer = f"BTS|{len(messages)}\rFTS|1\r"
    return (header + "".join(messages) + trailer).encode()


def _message(result: TestResult, laboratory: str, name: str) -> str:
    segments = (
        _msh(result, laboratory),
        _pid(result),
        _obr(result, laboratory),
        _obx(result, name),
        f"SPM|1|||258500001^Nasopharyngeal swab^SCT|||||||||||||{_timestamp(result.sampled_at)}",
    )
    return "".join(f"{segment}\r" for segment in segments)


def _msh(result: TestResult, laboratory: str) -> str:
    control_id = f"{result.local_id.accession}-{result.status.value}"
    return (
        f"MSH|^~\\&|LIS|{laboratory}|VIGIE||{_timestamp(result.reported_at)}||ORU^R01^ORU_R01"
        f"|{control_id}|P|2.5.1|||NE|NE|FRA|UNICODE UTF-8"
    )


def _pid(result: TestResult) -> str:
    identity, contact = result.identity, result.contact
    given = "^".join((identity.given_names[0], " ".join(identity.given_names[1:])))
    ins = f"{identity.ins}^^^{_INS_NIR}^INS-NIR" if identity.ins else f"{_number(result)}^^^^PI"
    phone = f"^PRN^CP^^^^^^^^^{contact.phone}" if contact.phone else ""
    email = f"^NET^Internet^{contact.email}" if contact.email else ""
    telecom = "~".join(part for part in (phone, email) if part)
    address = f"^^^^^FRA^^^^{result.commune}" if result.commune else ""
    return (
        f"PID|1||{ins}||{identity.family_name}^{given}^^^^L||"
        f"{identity.birth_date.replace('-', '')}|{identity.sex.value}|||{address}||{telecom}||"
        f"{result.language.value if result.language else ''}"
    )


def _number(result: TestResult) -> str:
    return f"PAT{result.local_id.accession[-6:]}"


def _obr(result: TestResult, laboratory: str) -> str:
    prescriber = (
        f"{result.prescriber}^^^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^RPPS"
        if result.prescriber
        else ""
    )
    return (
        f"OBR|1||{result.local_id.accession}^{laboratory}|{result.local_id.loinc}^^LN|||"
        f"{_timestamp(result.sampled_at)}|||||||||{prescriber}||||||"
        f"{_timestamp(result.reported_at)}|||{_STATUS[result.status]}"
    )


def _obx(result: TestResult, name: str) -> str:
    return (
        f"OBX|1|CWE|{result.local_id.loinc}^^LN||{_OUTCOME[result.outcome]}||||||"
        f"{_STATUS[result.status]}|||{_timestamp(result.sampled_at)}|||{result.device or ''}||"
        f"{_timestamp(result.reported_at)}||||{name}"
    )


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S%z")
