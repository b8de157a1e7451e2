"""What an API stack has where an authorizer tells clients apart."""

from collections.abc import Iterable
from typing import Any

from aws_cdk import CfnOutput, CfnResource
from aws_cdk import aws_kms as kms
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import IssuerConfig
from ml_gateway.constructs import ClientSecrets, ProxyApi
from ml_gateway.constructs.authorizer import AuthorizedClient, Authorizer
from ml_gateway.design import GatewayDesign
from ml_gateway.serving import ServedModel


def define_authorizer(
    scope: Construct, design: GatewayDesign, secrets: ClientSecrets, *, encryption_key: kms.IKey | None
) -> Authorizer:
    """The function, at the id `Authorizer`."""
    clients = {
        name: AuthorizedClient(
            tokens=client.tokens,
            models=None if client.models is None else _served(design, design.may_call(name)),
        )
        for name, client in design.clients.items()
    }
    return Authorizer(
        scope,
        "Authorizer",
        secrets=secrets,
        clients=clients,
        issuers=design.issuers,
        reserved_concurrency=design.reserved_concurrency,
        log_retention=design.log_retention,
        encryption_key=encryption_key,
    )


def _served(design: GatewayDesign, models: Iterable[str]) -> list[ServedModel]:
    """Each model, and each of its versions."""
    named = [design.models[name] for name in models]
    return [each.served for model in named for each in (model, *model.versions.values())]


def define_authorizer_outputs(scope: Construct, authorizer: Authorizer, api: ProxyApi, *, region: str) -> None:
    CfnOutput(
        scope,
        naming.AUTHORIZER_LOG_GROUP,
        value=authorizer.log_group.log_group_name,
        description="The log group that says why a key or token was refused",
    )
    stage = f"--rest-api-id {api.rest_api.rest_api_id} --stage-name {api.stage.stage_name}"
    CfnOutput(
        scope,
        naming.FLUSH_COMMAND,
        value=f"aws apigateway flush-stage-authorizers-cache --region {region} {stage}",
        description="Has what each client may call asked anew at once, instead of after 5 minutes",
    )


def describe_callers(api: CfnResource, design: GatewayDesign) -> None:
    """Tell reviews what they compare: the code of the function is not in the template."""
    clients = {
        name: {
            "models": "all" if client.models is None else list(design.may_call(name)),
            "tokens": {design.issuers[issuer].url: list(values) for issuer, values in client.tokens.items()},
        }
        for name, client in design.clients.items()
    }
    api.add_metadata(naming.CLIENTS_METADATA, clients)
    if design.issuers:
        api.add_metadata(naming.ISSUERS_METADATA, {each.url: _described(each) for each in design.issuers.values()})


def _described(issuer: IssuerConfig) -> dict[str, Any]:
    return {"audience": list(issuer.audience or ()), "claim": issuer.claim, "require": dict(issuer.require)}
