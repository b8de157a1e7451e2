"""What a run would deploy, without a place to deploy it."""

from dataclasses import replace
from pathlib import Path

from aws_cdk import App

from live.app import define
from live.plan import NETWORK_OF_FILES, Beside, Brought, Plan, write_files
from tests.synthesis import CONTEXT, Json

NAME = "ml-gateway-live-ab12"
HOST = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/word"
BESIDE = Beside(echo=HOST, issuer=f"{HOST}/issuer", version="0" * 32)
WITH_NETWORK = replace(BESIDE, network=NETWORK_OF_FILES)


def synthesized(directory: Path, brought: Brought) -> dict[str, Json]:
    """By the name and region of each stack, as on an account, with all checks: a finding fails the synthesis."""
    files = write_files(NAME, WITH_NETWORK if brought.vpc else BESIDE, directory, brought=brought)
    app = App(context={**CONTEXT}, builtin_cloud_formation_validation=False)
    echo = {"ECHO_WORD": "word", "ISSUER_KEYS": "{}"}
    define(app, Plan(name=NAME, echo=echo, network=brought.vpc, files=tuple(files)))
    return {f"{stack.stack_name} {stack.environment.region}": stack.template for stack in app.synth().stacks}
