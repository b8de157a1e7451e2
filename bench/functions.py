"""How large the functions of a gateway are: that of the edge beside its quota, and those of Lambda."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from aws_cdk import App

from bench.gateways import read_templates
from bench.runs import REPOSITORY
from ml_gateway import define_gateway, load_config

FILES: Final = ("gateway.yaml", *(f"examples/{name}.yaml" for name in ("complete", "identities", "rollouts")))
"""The default gateway, all that the edge does, tokens, and versions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Functions:
    """Bytes: of the code of the largest edge function, and of each function of Lambda as it is uploaded."""

    edge: int
    lambdas: Mapping[str, int]


def measure_functions(file: str) -> Functions:
    """Those of the gateway of a file of the repository."""
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        app = App(context=context, outdir=folder, builtin_cloud_formation_validation=False)
        define_gateway(app, load_config(REPOSITORY / file))
        app.synth()
        resources = [each for one in read_templates(Path(folder)) for each in one["Resources"].values()]
        codes = [
            each["Properties"]["FunctionCode"] for each in resources if each["Type"] == "AWS::CloudFront::Function"
        ]
        assets = [asset for asset in Path(folder).glob("asset.*") if asset.is_dir()]
        return Functions(
            edge=max(len(code.encode()) for code in codes),
            lambdas={_name_of(asset): _zipped(asset) for asset in assets},
        )


def _name_of(asset: Path) -> str:
    """What is in the folder: each of the two has files that the other lacks."""
    return "authorizer" if (asset / "tokens.js").exists() else "overrides"


def _zipped(folder: Path) -> int:
    with tempfile.TemporaryFile() as packed:
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, file.relative_to(folder))
        return packed.tell()
