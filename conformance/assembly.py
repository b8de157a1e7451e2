"""What is deployed: as in the local cloud, except that the edge names the API as it would on AWS."""

import json
from pathlib import Path

from aws_cdk import App

from ml_gateway.application import define_gateway
from ml_gateway.config import GatewayConfig
from ml_gateway.local.cdk_cli import CDK_SETTINGS
from ml_gateway.local.servers import local_config


def synthesized(config: GatewayConfig, *, model_server: str) -> Path:
    """The assembly of a gateway with its HTTP models at `model_server`; an app of its own takes seconds more."""
    context = json.loads(Path(CDK_SETTINGS).read_text())["context"]
    app = App(context=context, builtin_cloud_formation_validation=False)
    generation = config.origin_lock.generation
    define_gateway(app, local_config(config, model_server=model_server, generation=generation))
    return Path(app.synth().directory)
