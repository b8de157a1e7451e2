"""The CDK app of a run: the server behind the models, its network, or the gateways of its plan, with all checks on an
account.

In the local cloud the models' server and the API are on loopback, which the checks would rightly refuse.
"""

from pathlib import Path

from aws_cdk import App

from live.echo_stack import EchoStack
from live.network_stack import NetworkStack
from live.plan import Plan, network_stack, read_plan
from ml_gateway.application import define_gateway, own_origin
from ml_gateway.config import BackendConfig, GatewayConfig, HttpBackendConfig, LoadBalancerBackendConfig
from ml_gateway.local.app import local_origin
from ml_gateway.local.servers import local_config
from ml_gateway.policy import add_policy_checks
from ml_gateway.reading import load_config


def define(app: App, plan: Plan) -> None:
    if plan.cloud_port is None:
        add_policy_checks(app)
    if plan.echo is not None:
        EchoStack(app, f"{plan.name}-echo", run=plan.name, variables=plan.echo)
    if plan.network:
        NetworkStack(app, network_stack(plan.name))
    for file in plan.files:
        config = load_config(Path(file))
        origin_for = local_origin(port=plan.cloud_port, stage=config.stage) if plan.cloud_port else own_origin
        define_gateway(app, _here(config, plan), origin_for=origin_for)


def _here(config: GatewayConfig, plan: Plan) -> GatewayConfig:
    if plan.server is None:
        return config
    issuers = dict.fromkeys(config.issuers, plan.issuer or "")
    generation = config.origin_lock.generation
    here = local_config(config, model_server=plan.server, generation=generation, issuers=issuers)
    backends = {name: _without_vpc_link(backend, plan) for name, backend in here.backends.items()}
    return here.model_copy(update={"backends": backends})


def _without_vpc_link(backend: BackendConfig, plan: Plan) -> BackendConfig:
    """The local cloud has no VPC links, and its load balancers on loopback."""
    if not isinstance(backend, LoadBalancerBackendConfig):
        return backend
    name = str(backend.load_balancer).split("/")[2]
    url = f"http://127.0.0.1:{plan.cloud_port}/_alb/{name}/probe"
    return HttpBackendConfig.model_construct(type="http", url=url, insecure=True)


def main() -> None:
    app = App()
    define(app, read_plan(Path(app.node.get_context("plan"))))
    app.synth()


if __name__ == "__main__":
    main()
