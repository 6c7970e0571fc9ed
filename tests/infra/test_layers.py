"""Layers: small enough for Lambda, and all that the functions need beside boto3."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infra.constructs.layer_set import layer_target
from layers.build import LAYERS, Target, built, unzipped_size

if TYPE_CHECKING:
    from infra.settings import Settings

pytestmark = pytest.mark.xdist_group("infra")

ROOT = Path(__file__).resolve().parents[2]
LAMBDA = Target(python_version="3.13", architecture="arm64")
LIMIT = 250_000_000
# What the Lambda runtime brings.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
# The layers that some functions have beside the core one.
HEAVY = {
    "certificate_documents": ("documents", "printing"),
    "result_access": ("documents",),
    "statistics_publication": ("statistics",),
    "venue_posters": ("documents", "printing"),
}
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


def test_layers_are_built_for_the_runtime_of_the_functions(settings: Settings) -> None:
    assert layer_target(settings) == LAMBDA


def test_layers_and_code_together_fit_into_lambda() -> None:
    sizes = {layer: unzipped_size(built(ROOT, LAMBDA, layer)) for layer in LAYERS}
    ours = unzipped_size(ROOT / "layers" / "vigie")
    largest = max(unzipped_size(ROOT / "functions" / name) for name in FUNCTIONS)
    printing, statistics = sizes.pop("printing"), sizes.pop("statistics")
    light = sum(sizes.values()) + ours + largest
    assert light < LIMIT / 4
    assert light + max(printing, statistics) < LIMIT * 0.6


def test_binary_wheels_are_lambdas_own() -> None:
    shared = list(built(ROOT, LAMBDA, "core").rglob("*.so"))
    assert shared
    assert not [path.name for path in shared if "x86_64" in path.name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_imports_with_its_layers_and_the_runtime_only(name: str, tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    packages = Path(sysconfig.get_path("purelib"))
    for package in RUNTIME:
        (runtime / package).symlink_to(packages / package)
    asset = tmp_path / "asset"
    asset.mkdir()
    (asset / name).symlink_to(ROOT / "functions" / name)
    layers = ["core", *HEAVY.get(name, ())]
    path = [
        str(asset),
        str(ROOT / "layers" / "vigie" / "python"),
        *(str(built(ROOT, Target.native(), layer) / "python") for layer in layers),
        str(runtime),
    ]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-S", "-c", f"import {name}.handler"],
        env={"PYTHONPATH": ":".join(path), "AWS_DEFAULT_REGION": "eu-west-3"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
