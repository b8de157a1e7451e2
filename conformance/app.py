"""The CDK app of these checks: that of the local cloud, except that the edge names the API as it would on AWS."""

from pathlib import Path

from aws_cdk import App

from ml_gateway.application import define_gateway
from ml_gateway.local.servers import local_config
from ml_gateway.reading import load_config


def main() -> None:
    app = App()
    file, server = map(app.node.get_context, ("config", "model_server"))
    config = load_config(Path(file))
    define_gateway(app, local_config(config, model_server=server, generation=config.origin_lock.generation))
    app.synth()


if __name__ == "__main__":
    main()
