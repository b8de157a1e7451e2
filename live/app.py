"""The CDK app of a run: the server behind the models, or the gateways of its plan, with all checks on an account.

In the local cloud the models' server and the API are on loopback, which the checks would rightly refuse.
"""

from pathlib import Path

from aws_cdk import App

from live.echo_stack import EchoStack
from live.plan import Plan, read_plan
from ml_gateway.application import define_gateway, own_origin
from ml_gateway.config import GatewayConfig
from ml_gateway.local.app import local_origin
from ml_gateway.local.servers import local_config
from ml_gateway.policy import add_policy_checks
from ml_gateway.reading import load_config


def define(app: App, plan: Plan) -> None:
    if plan.cloud_port is None:
        add_policy_checks(app)
    if plan.echo is not None:
        EchoStack(app, f"{plan.name}-echo", run=plan.name, variables=plan.echo)
    for file in plan.files:
        config = load_config(Path(file))
        origin_for = local_origin(port=plan.cloud_port, stage=config.stage) if plan.cloud_port else own_origin
        define_gateway(app, _here(config, plan), origin_for=origin_for)


def _here(config: GatewayConfig, plan: Plan) -> GatewayConfig:
    if plan.server is None:
        return config
    issuers = dict.fromkeys(config.issuers, plan.issuer or "")
    generation = config.origin_lock.generation
    return local_config(config, model_server=plan.server, generation=generation, issuers=issuers)


def main() -> None:
    app = App()
    define(app, read_plan(Path(app.node.get_context("plan"))))
    app.synth()


if __name__ == "__main__":
    main()
