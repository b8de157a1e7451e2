"""The function that tells a REST API which client calls, and what that one may call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import AuthorizerConfig, IssuerConfig
from ml_gateway.config.logs import USUAL_RETENTION
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.constructs.client_secrets import ClientSecrets
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.functions import AuthorizerSettings, ClientSettings, IssuerSettings, write_authorizer
from ml_gateway.policy import acknowledge
from ml_gateway.serving import EVERYTHING, ServedModel, allowed_by
from ml_gateway.wording import shown

TIMEOUT: Final = Duration.seconds(10)
"""More than the issuer's 3 s and a look at all secrets take; API Gateway waits as long."""

MEMORY: Final = 512
"""In MiB. Lambda gives processor time by it, and most of the time goes into starting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizedClient:
    """What a client comes with beside its keys, and what it may call: `tokens` by the name of an issuer, each with what
    the issuer's claim may say; `models`: None for all that the API has."""

    tokens: Mapping[str, Sequence[str]] = field(default_factory=dict)
    models: Sequence[ServedModel] | None = None


class Authorizer(Construct):
    """A Lambda function that a `ProxyApi` asks who calls: by a key of `secrets`, or by a token of one of the `issuers`.

    `clients` are those of `secrets`, which has a secret for the tokens of each client that has some. Where there are
    issuers jose has to be in the node_modules of the folder that the app runs in (docs/identity.md).

    `reserved_concurrency`: how many may run at once, kept for it out of the account's; None leaves it to the account.
    `log_retention`: one of the periods that CloudWatch Logs offers. `encryption_key` encrypts the log, and the secrets
    in the region of the stack. Errors: clients that `secrets` does not have, or the other way round; tokens of an
    issuer that is not there, or of two clients; a client that may call nothing; jose that is missing, or of another
    version.
    """

    function: lambda_.Function
    log_group: logs.LogGroup
    issuers: tuple[str, ...]
    """The URLs whose tokens are taken."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secrets: ClientSecrets,
        clients: Mapping[str, AuthorizedClient],
        issuers: Mapping[str, IssuerConfig] = MappingProxyType({}),
        reserved_concurrency: int | None = None,
        log_retention: timedelta = USUAL_RETENTION,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        _check(secrets, clients, issuers)
        refuse_as_in_the_file(AuthorizerConfig, {"reserved_concurrency": reserved_concurrency}, of="Authorizer")
        self.issuers = tuple(issuer.url for issuer in issuers.values())
        self.log_group = define_log_group(self, "Log", retention=log_retention, encryption_key=encryption_key)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(role)
        self._let_read(role, secrets, encryption_key)
        with TemporaryDirectory() as folder:
            # It is copied into the assembly while the function is defined.
            write_authorizer(_render_settings(secrets, clients, issuers), Path(folder), project=Path.cwd())
            self.function = lambda_.Function(
                self,
                "Function",
                code=lambda_.Code.from_asset(folder),
                handler="index.handler",
                runtime=lambda_.Runtime.NODEJS_24_X,
                description=f"{secrets.gateway_name}: tells who calls the API",
                role=role,
                log_group=self.log_group,
                timeout=TIMEOUT,
                memory_size=MEMORY,
                reserved_concurrent_executions=reserved_concurrency,
            )

    @property
    def uri(self) -> str:
        """By which an API calls the function."""
        invocations = f"2015-03-31/functions/{self.function.function_arn}/invocations"
        return Stack.of(self).format_arn(
            service="apigateway", account="lambda", resource="path", resource_name=invocations
        )

    def _let_read(self, role: iam.Role, secrets: ClientSecrets, encryption_key: kms.IKey | None) -> None:
        stack = Stack.of(self)
        of_clients = stack.format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=naming.client_secret(secrets.gateway_name, "*", "*"),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        role.add_to_policy(iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[of_clients]))
        acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::{_as_reported(stack.resolve(of_clients))}]",
            "what lies below this name are the keys of the gateway's clients; with each by its own name a new client "
            "would change the policy, which counts some seconds later than the function that reads it",
        )
        role.add_to_policy(iam.PolicyStatement(actions=["secretsmanager:BatchGetSecretValue"], resources=["*"]))
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            "BatchGetSecretValue takes no resource; what it reads is what GetSecretValue allows, by name",
        )
        if encryption_key:
            # Not grant_decrypt: the key may encrypt what is none of the function's.
            by_secrets_manager = {"StringEquals": {"kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com"}}
            role.add_to_policy(
                iam.PolicyStatement(
                    actions=["kms:Decrypt"], resources=[encryption_key.key_arn], conditions=by_secrets_manager
                )
            )


def _as_reported(resolved: Any) -> str:
    """An ARN as cdk-nag has it in the id of a finding: its references in angle brackets."""
    parts = [resolved] if isinstance(resolved, str) else resolved["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)


def _check(
    secrets: ClientSecrets, clients: Mapping[str, AuthorizedClient], issuers: Mapping[str, IssuerConfig]
) -> None:
    if differing := sorted(secrets.secrets.keys() ^ clients.keys()):
        raise ValueError(f"clients {', '.join(differing)} are not in both secrets and clients; name them in both")
    owners: dict[tuple[str, str], str] = {}
    for name, client in clients.items():
        for issuer, values in client.tokens.items():
            for value in values:
                if (owner := owners.setdefault((issuer, value), name)) != name:
                    raise ValueError(f"{shown(value)} of {issuer} is client {owner} and client {name}; keep one")
        if client.models is not None and not client.models:
            raise ValueError(f"client {name} has no models, and could call nothing; name some, or write None for all")
        if unknown := sorted(client.tokens.keys() - issuers.keys()):
            raise ValueError(f"client {name} has tokens of {unknown[0]}, which is none of the issuers; name it there")
        if bool(client.tokens) != (naming.TOKENS in secrets.secrets[name]):
            raise ValueError(
                f"client {name}: name it in token_clients of ClientSecrets if it has tokens, and only then"
            )


def _render_settings(
    secrets: ClientSecrets, clients: Mapping[str, AuthorizedClient], issuers: Mapping[str, IssuerConfig]
) -> AuthorizerSettings:
    return AuthorizerSettings(
        issuers=tuple(
            IssuerSettings(
                url=issuer.url,
                audience=issuer.audience or (),
                claim=issuer.claim,
                require=dict(issuer.require),
                clients={value: client for client, said in clients.items() for value in said.tokens.get(name, ())},
            )
            for name, issuer in issuers.items()
        ),
        clients={name: _render_client(name, client, secrets) for name, client in clients.items()},
    )


def _render_client(name: str, client: AuthorizedClient, secrets: ClientSecrets) -> ClientSettings:
    def secret_of(key: str) -> str:
        return naming.client_secret(secrets.gateway_name, name, key)

    allowed = [each for model in client.models or () for each in allowed_by(model)]
    return ClientSettings(
        keys=tuple(secret_of(key) for key in secrets.secrets[name] if key != naming.TOKENS),
        tokens=secret_of(naming.TOKENS) if client.tokens else None,
        allowed=EVERYTHING if client.models is None else tuple(allowed),
    )
