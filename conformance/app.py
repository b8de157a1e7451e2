"""The CDK app of these checks: that of the local cloud, except that secrets are sent to backends.

`local.app` leaves them out, because its cloud has none of them.
"""

from pathlib import Path

from aws_cdk import App

from local.app import local_config
from ml_gateway.application import define_gateway
from ml_gateway.config import BackendConfig, GatewayConfig, HttpServerConfig
from ml_gateway.reading import load_config


def conformance_config(config: GatewayConfig, *, model_server: str) -> GatewayConfig:
    """`config` with every HTTP backend at `model_server`, a URL, and its secrets as the file has them."""
    moved = local_config(config, model_server=model_server, generation=config.origin_lock.generation)
    backends = {name: _with_secrets_of(config.backends[name], backend) for name, backend in moved.backends.items()}
    return moved.model_copy(update={"backends": backends})


def _with_secrets_of(original: BackendConfig, moved: BackendConfig) -> BackendConfig:
    if not isinstance(original, HttpServerConfig):
        return moved
    return moved.model_copy(update={"bearer": original.bearer, "secret_headers": original.secret_headers})


def main() -> None:
    app = App()
    file, server = map(app.node.get_context, ("config", "model_server"))
    define_gateway(app, conformance_config(load_config(Path(file)), model_server=server))
    app.synth()


if __name__ == "__main__":
    main()
