"""The system as it is deployed on the emulator, IAM enforced."""

import os
from collections.abc import Callable

import boto3
import pytest

from demo.deployed import Deployed


@pytest.fixture(scope="session")
def deployed() -> Deployed:
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint is None:
        pytest.skip("no deployed system: `make test` starts the emulator")
    return Deployed.read(endpoint)


@pytest.fixture(scope="session")
def as_function(deployed: Deployed) -> Callable[[str], boto3.Session]:
    """A session with the rights of a function, by its folder's name."""

    def session(function: str) -> boto3.Session:
        name = f"vigie-dev-{function.replace('_', '-')}"
        client = boto3.client("lambda", endpoint_url=deployed.endpoint)
        role = client.get_function_configuration(FunctionName=name)["Role"]
        # The emulator's owner may take any role; on AWS only Lambda may take these.
        taken = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return boto3.Session(
            taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], "eu-west-3"
        )

    return session
