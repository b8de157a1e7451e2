"""The CDK app of the local cloud: a gateway as it would be deployed, except that its models and its API are local.

`local_config` and `local_origin` are the only differences. The policy checks of app.py are left out: they would
rightly refuse an origin without TLS, and app.py runs them on the same stacks.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from aws_cdk import App

from ml_gateway.application import define_gateway
from ml_gateway.config import BackendConfig, GatewayConfig, HttpBackendConfig, ModelConfig
from ml_gateway.constructs import GatewayOrigin
from ml_gateway.local.cloud import API_PATH
from ml_gateway.reading import load_config
from ml_gateway.stacks import ApiStack


def local_config(config: GatewayConfig, *, model_server: str, generation: int) -> GatewayConfig:
    """`config` with every HTTP backend at `model_server`, a URL: paths and queries stay as they are.

    Backends of another type stay altogether.
    """
    backends = {name: _local_backend(backend, model_server) for name, backend in config.backends.items()}
    models = {name: _local_model(model, model_server) for name, model in config.models.items()}
    origin_lock = config.origin_lock.model_copy(update={"generation": generation})
    return config.model_copy(update={"backends": backends, "models": models, "origin_lock": origin_lock})


def _local_backend(backend: BackendConfig, model_server: str) -> BackendConfig:
    if not isinstance(backend, HttpBackendConfig):
        return backend
    return backend.model_copy(update={"url": _moved(backend.url, model_server), "insecure": True})


def _local_model(model: ModelConfig, model_server: str) -> ModelConfig:
    if model.url is None:
        return model
    return model.model_copy(update={"url": _moved(model.url, model_server), "insecure": True})


def _moved(url: str, server: str) -> str:
    address = urlsplit(server)
    return urlsplit(url)._replace(scheme=address.scheme, netloc=address.netloc).geturl()


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
    file, port, server, generation = map(app.node.get_context, ("config", "cloud_port", "model_server", "generation"))
    config = local_config(load_config(Path(file)), model_server=server, generation=int(generation))
    api_id = app.node.try_get_context("api_id")
    define_gateway(app, config, origin_for=local_origin(port=int(port), stage=config.stage, api_id=api_id))
    app.synth()


if __name__ == "__main__":
    main()
