"""The layers of a stack's functions."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import IgnoreMode, Stack
from aws_cdk import aws_lambda as lambda_

from infra.constructs.runtime import architecture, runtime
from layers.build import Target, built

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_NO_BYTECODE = ["**/__pycache__", "**/*.pyc"]


class Layer(StrEnum):
    """What a function can import besides its own folder and boto3."""

    VIGIE = "vigie"
    CORE = "core"
    DOCUMENTS = "documents"
    PRINTING = "printing"
    STATISTICS = "statistics"


def layer_target(settings: Settings) -> Target:
    """What the third-party layers are built for."""
    if settings.emulator is not None:
        return Target.native()
    return Target(python_version=settings.python_version, architecture=settings.architecture)


def layer(scope: Construct, settings: Settings, which: Layer) -> lambda_.ILayerVersion:
    """The stack's own version of a layer, made at first use.

    Stacks do not share one: a stack that imports a layer's version from another keeps
    that other from ever publishing a new one.
    """
    stack = Stack.of(scope)
    made = stack.node.try_find_child(f"{which.capitalize()}Layer")
    if isinstance(made, lambda_.LayerVersion):
        return made
    folder = (
        ROOT / "layers" / "vigie"
        if which is Layer.VIGIE
        else built(ROOT, layer_target(settings), which.value)
    )
    return lambda_.LayerVersion(
        stack,
        f"{which.capitalize()}Layer",
        code=lambda_.Code.from_asset(str(folder), exclude=_NO_BYTECODE, ignore_mode=IgnoreMode.GIT),
        compatible_runtimes=[runtime(settings)],
        compatible_architectures=[architecture(settings)],
    )
