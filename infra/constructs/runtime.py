"""Python and processor of the functions, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_lambda as lambda_

if TYPE_CHECKING:
    from infra.settings import Settings


def runtime(settings: Settings) -> lambda_.Runtime:
    """The Lambda runtime."""
    version = (
        settings.python_version if settings.emulator is None else settings.emulator.python_version
    )
    return lambda_.Runtime(f"python{version}", lambda_.RuntimeFamily.PYTHON)


def architecture(settings: Settings) -> lambda_.Architecture:
    """The processor."""
    return (
        lambda_.Architecture.ARM_64
        if settings.architecture == "arm64"
        else lambda_.Architecture.X86_64
    )
