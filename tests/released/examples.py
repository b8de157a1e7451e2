"""The examples as they were released, and as they are today: files to load, and assemblies that a review compares."""

import json
import os
import shutil
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final
from unittest.mock import patch

from aws_cdk import App

from ml_gateway import define_gateway, load_config
from tests.synthesis import CONTEXT, TOP, new_app

FILES: Final = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]
APPS: Final = sorted((TOP / "examples").glob("*/app.py"))
RELEASED: Final = Path(__file__).parent
FILE: Final = "gateway.yaml"
"""What the file of an example is called beside its templates."""


def name_of(example: Path) -> str:
    """What an example is called among those that were released."""
    return example.parent.name if example.suffix == ".py" else example.stem


EXAMPLES: Final = {name_of(example): example for example in (*FILES, *APPS)}


def synthesized(example: Path, folder: Path) -> Path:
    """The assembly of a file, or of an app as a reader would run it; in this process, as one more takes seconds."""
    if example.suffix == ".py":
        module = import_module(f"examples.{name_of(example)}.app")
        with patch.object(module, "App", partial(App, context=CONTEXT, outdir=str(folder))):
            module.main()
    else:
        app = new_app(folder)
        define_gateway(app, load_config(example))
        app.synth()
    return folder


def synthesized_once(example: Path, folder: Path) -> Path:
    """The same for several processes, whichever of them needs it first."""
    if not folder.exists():
        own = synthesized(example, folder.with_name(f"{folder.name}-{os.getpid()}"))
        with suppress(OSError):  # another process was faster
            own.rename(folder)
    return folder


def keep(example: Path, assembly: Path, folder: Path) -> None:
    """Keep an example's file, and of its assembly what a review reads: which stacks there are, and what is in them."""
    folder.mkdir(parents=True)
    if example in FILES:
        shutil.copyfile(example, folder / FILE)
    artifacts = {}
    for name, artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            file = artifact["properties"]["templateFile"]
            kept = {key: artifact["properties"][key] for key in ("stackName",) if key in artifact["properties"]}
            artifacts[name] = {
                "type": artifact["type"],
                "environment": artifact["environment"],
                "properties": {"templateFile": file, **kept},
            }
            template = json.loads((assembly / file).read_text())
            whole = {key: template[key] for key in ("Description", "Resources", "Outputs") if key in template}
            (folder / file).write_text(json.dumps(whole, indent=1) + "\n")
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}, indent=1) + "\n")
