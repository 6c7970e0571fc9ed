"""Vigie deployed into an emulator, as an operator would deploy it into an account."""

from __future__ import annotations

import mimetypes
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3

from infra.environments import EMULATOR_ACCOUNT, EMULATOR_LABORATORIES, emulator
from infra.local.gateway import REGION, ROOT, Gateway
from infra.pages import RESULTS, build_numbers, cache_control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mypy_boto3_s3.client import S3Client

_CDK = ROOT / "node_modules" / ".bin" / "cdk"
_VIGIE = ROOT / ".venv" / "bin" / "vigie"
# Zipping the layers takes longer than deploying them.
_ARCHIVES = ROOT / "build" / "emulator" / "archives"


class DeploymentError(Exception):
    """A step of the deployment failed; the message is what the step said."""


def deploy(gateway: Gateway) -> None:
    """Bootstrap and deploy every stack, then do what production does by other means.

    Raises:
        DeploymentError: a step failed.
    """
    assembly = gateway.folder / "cdk.out"
    _keep_archives(assembly)
    _say("Preparing the account, writing the templates")
    _side_by_side(lambda: _bootstrap(gateway), lambda: _synthesise(gateway, assembly))
    _say("Deploying every stack with the CDK")
    _run(
        gateway.environment(),
        str(_CDK),
        "deploy",
        "--all",
        "--app",
        str(assembly),
        "--require-approval",
        "never",
        "--concurrency",
        "4",
    )
    _say("Making the signing certificates, registering the laboratories")
    session = boto3.Session("test", "test", region_name=REGION)
    outputs = read_outputs(session, gateway.endpoint)
    _side_by_side(
        lambda: _register_laboratories(session, gateway, outputs),
        lambda: _make_signers(session, gateway, outputs),
        lambda: _upload_pages(session, gateway.endpoint, outputs),
        lambda: _publish_revocations(session, gateway),
    )


def read_outputs(session: boto3.Session, endpoint: str) -> dict[str, str]:
    """The outputs of all stacks, by key."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    return {
        output["OutputKey"]: output["OutputValue"]
        for page in cloudformation.get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        for output in stack.get("Outputs", [])
    }


def _keep_archives(assembly: Path) -> None:
    """Have the CDK find the archives of what has not changed since the last deployment."""
    _ARCHIVES.mkdir(parents=True, exist_ok=True)
    assembly.mkdir(exist_ok=True)
    kept = assembly / ".cache"
    if not kept.is_symlink():
        kept.symlink_to(_ARCHIVES, target_is_directory=True)


def _bootstrap(gateway: Gateway) -> None:
    # Away from cdk.json: it needs no synthesis.
    account = f"aws://{EMULATOR_ACCOUNT}/{REGION}"
    _run(gateway.environment(), str(_CDK), "bootstrap", account, folder=gateway.folder)


def _synthesise(gateway: Gateway, assembly: Path) -> None:
    environment = {**gateway.environment(), "CDK_VALIDATION": "false"}
    _run(environment, str(_CDK), "synth", "--quiet", "--output", str(assembly))


def _upload_pages(session: boto3.Session, endpoint: str, outputs: Mapping[str, str]) -> None:
    s3 = session.client("s3", endpoint_url=endpoint)
    _upload_page(s3, outputs["WebBucket"], RESULTS)
    _upload_page(s3, outputs["NumbersBucket"], build_numbers())


def _upload_page(s3: S3Client, bucket: str, folder: Path) -> None:
    """Put a page where production's own deployment function would."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        kind, _ = mimetypes.guess_type(path.name)
        s3.put_object(
            Bucket=bucket,
            Key=path.relative_to(folder).as_posix(),
            Body=path.read_bytes(),
            ContentType=kind or "application/octet-stream",
            CacheControl=cache_control(path.name),
        )


def _make_signers(session: boto3.Session, gateway: Gateway, outputs: Mapping[str, str]) -> None:
    """Make the CSCA and a DSC with the operator's command, and publish trust list and rules.

    The keys are named by their ARN: the emulator asks for permissions on an alias itself.
    """
    environment = _as_operator(session, gateway, outputs["PkiOperatorRole"])
    issuer = emulator(gateway.port).issuer_name
    csca, dsc = ("--key", outputs["CscaKeyArn"]), ("--key", outputs["DscKeyArn"])
    _run(environment, str(_VIGIE), "pki", "csca", "create", "--organisation", issuer, *csca)
    _run(environment, str(_VIGIE), "pki", "dsc", "issue", *dsc)
    publisher = _as_operator(session, gateway, outputs["ListPublisherRole"])
    _run(publisher, str(_VIGIE), "trust", "publish")
    _run(publisher, str(_VIGIE), "rules", "publish")
    _run(publisher, str(_VIGIE), "valuesets", "distribute")


def _publish_revocations(session: boto3.Session, gateway: Gateway) -> None:
    """Run the publication as the schedule would: before it whether one is revoked is open.

    Raises:
        DeploymentError: it failed.
    """
    answer = session.client("lambda", endpoint_url=gateway.endpoint).invoke(
        FunctionName=emulator(gateway.port).name("revocation-publication"), Payload=b"{}"
    )
    if "FunctionError" in answer:
        raise DeploymentError("the revocations were not published")


def _register_laboratories(
    session: boto3.Session, gateway: Gateway, outputs: Mapping[str, str]
) -> None:
    """Register the invented laboratories with the operator's command."""
    register = gateway.folder / "laboratories.csv"
    rows = [
        f"{finess};Laboratoire {finess};CN={finess},OU={finess},C=FR;{finess}@example.fr;;all"
        for finess in EMULATOR_LABORATORIES
    ]
    register.write_text("\n".join(["finess;name;subject;email;phone;allow", *rows]) + "\n")
    environment = _as_operator(session, gateway, outputs["LaboratoryOperatorRole"])
    _run(environment, str(_VIGIE), "lab", "import", str(register))


def _as_operator(session: boto3.Session, gateway: Gateway, role: str) -> dict[str, str]:
    """The variables of an operator who has taken a role."""
    sts = session.client("sts", endpoint_url=gateway.endpoint)
    taken = sts.assume_role(RoleArn=role, RoleSessionName="local")["Credentials"]
    return {
        **gateway.environment(),
        "AWS_ACCESS_KEY_ID": taken["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": taken["SecretAccessKey"],
        "AWS_SESSION_TOKEN": taken["SessionToken"],
    }


def _side_by_side(*steps: Callable[[], None]) -> None:
    with ThreadPoolExecutor() as pool:
        done = [pool.submit(step) for step in steps]
    for each in done:
        each.result()


def _say(step: str) -> None:
    sys.stdout.write(f"{step} …\n")
    sys.stdout.flush()


def _run(environment: Mapping[str, str], *command: str, folder: Path = ROOT) -> None:
    done = subprocess.run(  # noqa: S603 - commands of this project
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout + done.stderr)
        raise DeploymentError(f"{' '.join(command[:3])} ended with {done.returncode}")
