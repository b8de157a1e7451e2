"""The files of a new folder: a gateway, or one for each environment, and what the CDK CLI and a pipeline need."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import yaml

import ml_gateway
from ml_gateway.cli.files import USUAL_FILE
from ml_gateway.config.types.names import ENTRY_NAME
from ml_gateway.conflicts import ConfigError
from ml_gateway.reading import load

USUAL_ENVIRONMENT: Final = "production"
"""The environment of the repository that deploys gateway.yaml, where no others are named."""

_COPIED: Final = {
    "package.json": "package.json",
    ".gitignore": "gitignore",
    ".github/workflows/deploy.yaml": "deploy.yaml",
    "pipeline-roles.yaml": "pipeline-roles.yaml",
}
"""Where each of the files goes that are the same for every gateway."""

_GATEWAY: Final = """\
# Checked by `ml-gateway check`. All settings: docs/reference.md of ml_gateway.
name: {name}
regions: [{region}]

models:
  {model}:
    url: {url}
    protocol: {protocol}

plans:
  default: {{rate: 10/s, burst: 20}}   # limits the gateway as a whole, until there are clients
"""

_ON_TOP: Final = """\
# What is other in {environment}: maps merge with those of the file below, all else replaces, null takes away.
extends: {below}
name: {name}   # stacks of their own, also in the same account
"""

_DEPLOY_JOB: Final = """
  deploy-{environment}:
    if: github.event_name == 'push' && vars.AWS_DEPLOY_ROLE != ''
    needs: {before}
    permissions:
      contents: read
      id-token: write
    uses: ./.github/workflows/deploy.yaml # zizmor: ignore[self-repository] not every GitHub has its newer form
    with:
      environment: {quoted}
      file: {file}
"""


class RefusedError(Exception):
    """There is nothing that could be written; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What a first file says. Each may be anything: the loader judges it."""

    name: str
    region: str
    model: str
    url: str
    protocol: str


def rendered(answers: Answers, environments: Sequence[str] = ()) -> Mapping[str, str]:
    """The text of each file; with environments one for each, on top of gateway.yaml, in the order of their deploys.

    Raises RefusedError for answers that make no gateway, and for environments that cannot be told apart.
    """
    gateways = {str(USUAL_FILE): _gateway(answers), **_on_top(answers.name, environments)}
    _check(gateways)
    deployed = {environment: f"{environment}.yaml" for environment in environments} or {
        USUAL_ENVIRONMENT: str(USUAL_FILE)
    }
    return {
        **gateways,
        "cdk.json": _shipped("cdk.json").replace(str(USUAL_FILE), next(iter(deployed.values()))),
        **{place: _shipped(source) for place, source in _COPIED.items()},
        ".github/workflows/gateway.yaml": _workflow(deployed),
        "requirements.txt": f"ml-gateway[cli]=={ml_gateway.__version__}\n",
    }


def _gateway(answers: Answers) -> str:
    said = {"name": answers.name, "region": answers.region, "model": answers.model, "url": answers.url}
    return _GATEWAY.format(protocol=answers.protocol, **{key: _plain_or_quoted(value) for key, value in said.items()})


def _on_top(name: str, environments: Sequence[str]) -> Mapping[str, str]:
    taken = {USUAL_FILE.stem, "pipeline-roles"}
    found = {}
    for environment in environments:
        if not ENTRY_NAME.fits(environment):
            raise RefusedError(f"{environment!r} is no name of an environment; write {ENTRY_NAME.form}")
        if environment in taken:
            raise RefusedError(f"{environment}.yaml would be there twice; write another name for that environment")
        taken.add(environment)
        own = _plain_or_quoted(f"{name}-{environment}")
        found[f"{environment}.yaml"] = _ON_TOP.format(environment=environment, below=USUAL_FILE, name=own)
    return found


def _workflow(deployed: Mapping[str, str]) -> str:
    """Checks every file, and deploys to one environment after the other."""
    text = _shipped("workflow.yaml").replace(f"FILES: {USUAL_FILE}", f"FILES: {' '.join(deployed.values())}")
    return "".join([text, *_deploy_jobs(deployed)])


def _deploy_jobs(deployed: Mapping[str, str]) -> Iterator[str]:
    before = "check"
    for environment, file in deployed.items():
        quoted = _plain_or_quoted(environment)
        yield _DEPLOY_JOB.format(environment=environment, quoted=quoted, before=before, file=file)
        before = f"deploy-{environment}"


def _shipped(source: str) -> str:
    return (files("ml_gateway.cli") / "project" / source).read_text()


def _plain_or_quoted(text: str) -> str:
    """JSON is YAML: quoted, a text is one whatever stands in it. As it is, `true` or 1 is none."""
    plain = re.fullmatch(r"[A-Za-z0-9-]+", text) and yaml.safe_load(text) == text
    return text if plain else json.dumps(text)


def _check(gateways: Mapping[str, str]) -> None:
    """Each as it would be loaded; what is wrong with the first one is not told again of those on top of it."""
    with tempfile.TemporaryDirectory() as folder:
        for file, text in gateways.items():
            (Path(folder) / file).write_text(text)
        for file in gateways:
            try:
                load(Path(folder) / file)
            except ConfigError as error:
                raise RefusedError("\n".join(f"{each.place}: {each.message}" for each in error.problems)) from None
