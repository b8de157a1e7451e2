"""The CDK app of the local cloud: a gateway as it would be deployed, except that its models and its API are local.

What servers.py says and `local_origin` are the only differences. The policy checks are left out: they would rightly
refuse an origin without TLS, and `ml-gateway app` runs them on the same stacks.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aws_cdk import App

from ml_gateway.application import define_gateway
from ml_gateway.constructs import GatewayOrigin
from ml_gateway.local.cloud import API_PATH
from ml_gateway.local.servers import local_config, stood_in
from ml_gateway.reading import load_config
from ml_gateway.stacks import ApiStack


def local_origin(*, port: int, stage: str, api_id: str | None = None) -> Callable[[ApiStack], GatewayOrigin]:
    """The API's address inside the emulator, whose CloudFront refuses the host names of AWS. An API with an origin name
    is found by that: ministack_dns.py.

    `api_id` is needed when the API is not in the edge stack's region: MiniStack's `Fn::GetStackOutput` finds the
    outputs of one region only.
    """

    def origin_for(api: ApiStack) -> GatewayOrigin:
        if api.origin.region is None:
            return api.origin
        path = f"{API_PATH}/{api_id or api.api.rest_api.rest_api_id}/{stage}"
        return replace(api.origin, protocol="http", domain_name="localhost", port=port, origin_path=path)

    return origin_for


def define_local_gateway(app: App) -> None:
    """Define what the context of `app` says, as `local_context` has it."""
    file, port, server, generation = map(app.node.get_context, ("config", "cloud_port", "model_server", "generation"))
    config, given = load_config(Path(file)), app.node.try_get_context("servers")
    servers = json.loads(given or "{}")
    issuers = json.loads(app.node.try_get_context("issuers") or "{}")
    config = local_config(config, model_server=server, generation=int(generation), servers=servers, issuers=issuers)
    if given is not None:
        config = stood_in(config, model_server=server, servers=servers)
    api_id = app.node.try_get_context("api_id")
    define_gateway(app, config, origin_for=local_origin(port=int(port), stage=config.stage, api_id=api_id))


def main() -> None:
    app = App()
    define_local_gateway(app)
    app.synth()


if __name__ == "__main__":
    main()
