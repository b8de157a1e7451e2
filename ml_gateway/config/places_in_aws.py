"""Whether what the file names by ARN is where the gateway is."""

from collections.abc import Iterator, Mapping

from ml_gateway.config.backends import BackendConfig, LambdaBackendConfig, LoadBalancerBackendConfig
from ml_gateway.config.edge import DomainConfig
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.wording import shown


def elsewhere(backends: Mapping[str, BackendConfig], region: str, account: str | None) -> Iterator[ConflictError]:
    """ARNs of another region than the gateway's, or of another account where the file names one."""
    for name, backend in backends.items():
        for setting, arn in _arns(backend).items():
            at = ("backends", name, backend.type, setting)
            its_region = arn.split(":")[3]
            if its_region != region:
                message = f"{shown(arn)} is in {its_region}, but the gateway is in {region}; name one in {region}"
                yield ConflictError(message, at, ("regions",))
            yield from _foreign(arn, account, at)


def foreign_certificate(domain: DomainConfig | None, account: str | None) -> Iterator[ConflictError]:
    """A certificate of another account than the one that the file names. Its region is part of its form."""
    if domain is not None and domain.certificate is not None:
        yield from _foreign(domain.certificate, account, ("edge", "domain", "certificate"))


def _foreign(arn: str, account: str | None, at: Place) -> Iterator[ConflictError]:
    its_account = arn.split(":")[4]
    if account is not None and its_account != account:
        message = f"{shown(arn)} is of account {its_account}, but the gateway is of {account}; name one of that account"
        yield ConflictError(message, at, ("account",))


def _arns(backend: BackendConfig) -> dict[str, str]:
    match backend:
        case LambdaBackendConfig(function=function) if function.startswith("arn:"):
            return {"function": function}
        case LoadBalancerBackendConfig(load_balancer=load_balancer, listener=listener):
            named = {"load_balancer": load_balancer, "listener": listener}
            return {setting: arn for setting, arn in named.items() if arn is not None}
    return {}
