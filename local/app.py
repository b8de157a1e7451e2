"""The CDK app of the local cloud: a gateway as it would be deployed, except that its models and its API are local.

`local_config` and `local_origin` are the only differences. The policy checks of app.py are left out: they would
rightly refuse an origin without TLS, and app.py runs them on the same stacks.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from aws_cdk import App

from local.cloud import API_PATH
from ml_gateway.application import define_gateway
from ml_gateway.config import GatewayConfig, load_config
from ml_gateway.constructs import GatewayOrigin
from ml_gateway.stacks import ApiStack


def local_config(config: GatewayConfig, *, sample_server: str, generation: int) -> GatewayConfig:
    """`config` with every model's URL pointed at the sample server: its path and query stay as they are."""
    address = urlsplit(sample_server)
    models = {
        name: model.model_copy(
            update={
                "url": urlsplit(model.url)._replace(scheme=address.scheme, netloc=address.netloc).geturl(),
                "insecure": True,
            }
        )
        for name, model in config.models.items()
    }
    origin_lock = config.origin_lock.model_copy(update={"generation": generation})
    return config.model_copy(update={"models": models, "origin_lock": origin_lock})


def local_origin(*, port: int, stage: str, api_id: str | None = None) -> Callable[[ApiStack], GatewayOrigin]:
    """The API's address inside the emulator, whose CloudFront refuses the host names of AWS.

    `api_id` is needed when the API is not in the edge stack's region: MiniStack's `Fn::GetStackOutput` finds the
    outputs of one region only.
    """

    def origin_for(api: ApiStack) -> GatewayOrigin:
        path = f"{API_PATH}/{api_id or api.api.rest_api.rest_api_id}/{stage}"
        return replace(api.origin, protocol="http", domain_name="localhost", port=port, origin_path=path)

    return origin_for


def main() -> None:
    app = App()
    file, port, server, generation = map(app.node.get_context, ("config", "cloud_port", "sample_server", "generation"))
    config = local_config(load_config(Path(file)), sample_server=server, generation=int(generation))
    api_id = app.node.try_get_context("api_id")
    define_gateway(app, config, origin_for=local_origin(port=int(port), stage=config.stage, api_id=api_id))
    app.synth()


if __name__ == "__main__":
    main()
