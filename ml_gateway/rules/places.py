"""Whether what the file names by ARN is where the gateway is."""

from collections.abc import Iterator

from ml_gateway.config import BackendConfig, GatewayConfig, LambdaBackendConfig, LoadBalancerBackendConfig
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown


@reads("regions")
def backends_of_another_region(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """ARNs of another region than the gateway's."""
    for at, arn in _arns_of_backends(said):
        region = arn.split(":")[3]
        if region != meant.region:
            message = f"{shown(arn)} is in {region}, but the gateway is in {meant.region}; name one in {meant.region}"
            yield Conflict(message, at)


@reads("account")
def arns_of_another_account(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """ARNs of another account than the gateway's, where the file names that. A certificate's region is in its form."""
    domain = said.edge.domain
    certificate = domain.certificate if domain else None
    arns = [*_arns_of_backends(said), *([(("edge", "domain", "certificate"), certificate)] if certificate else [])]
    for at, arn in arns:
        account = arn.split(":")[4]
        if meant.account is not None and account != meant.account:
            message = (
                f"{shown(arn)} is of account {account}, but the gateway is of {meant.account}; name one of that account"
            )
            yield Conflict(message, at)


def _arns_of_backends(said: GatewayConfig) -> Iterator[tuple[Place, str]]:
    for name, backend in said.backends.items():
        for setting, value in _named(backend).items():
            if value is not None and value.startswith("arn:"):
                yield ("backends", name, setting), value


def _named(backend: BackendConfig) -> dict[str, str | None]:
    """What the backend names, in any form, of things that have an ARN."""
    match backend:
        case LambdaBackendConfig():
            return {"function": backend.function}
        case LoadBalancerBackendConfig():
            return {"load_balancer": backend.load_balancer, "listener": backend.listener}
    return {}
