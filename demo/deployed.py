"""The deployed system as the demonstration sees it: its outputs, and one client for each user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3

from infra.local.deployment import read_outputs
from vigie.model import Frozen

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class Deployed(Frozen):
    """Where the system is.

    Attributes:
        endpoint: URL of the emulator.
        outputs: the value of every stack's outputs, by key.
    """

    endpoint: str
    outputs: dict[str, str]

    @classmethod
    def read(cls, endpoint: str) -> Deployed:
        """Read the outputs of every Vigie stack, with the operator's credentials."""
        return cls(endpoint=endpoint, outputs=read_outputs(boto3.Session(), endpoint))

    def s3_of_laboratory(self, finess: str) -> S3Client:
        """An S3 client with the rights of that laboratory and no others."""
        sts = boto3.client("sts", endpoint_url=self.endpoint)
        role = sts.assume_role(
            RoleArn=self.outputs[f"LaboratoryRole{finess}"], RoleSessionName=f"lab-{finess}"
        )["Credentials"]
        session = boto3.Session(
            aws_access_key_id=role["AccessKeyId"],
            aws_secret_access_key=role["SecretAccessKey"],
            aws_session_token=role["SessionToken"],
            region_name=os.environ["AWS_REGION"],
        )
        return session.client("s3", endpoint_url=self.endpoint)
