"""The keys of the clients, each generated and kept where its client can fetch it."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.plan_key import PlanKey, chain, define_plan_key
from ml_gateway.credentials import CLIENT_KEY_LENGTH
from ml_gateway.policy import acknowledge

_PLACEHOLDERS: Final = ("<client>", "<key>")


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayClient:
    """Who may call: the usage plan that holds for each of its keys on its own, and the names of the keys.

    Two names are two live keys, so that a client can change over from one to the other.
    """

    usage_plan: apigateway.UsagePlan
    keys: tuple[str, ...] = ("default",)
    description: str | None = None


class ClientKeys(Construct):
    """An API key for each key of each client, with the value of a generated secret of its own.

    The secrets are `<gateway_name>/clients/<client>/<key>`, in the region of the API alone. A client that is left out
    loses its keys with the next deploy, and no other key changes. A key cannot move to another plan: it may be
    in one plan of a stage, and CloudFormation joins it to the new plan before it leaves the old one. Give the client
    a key of another name together with the other plan.
    """

    key_command: str
    """The command that prints a key, for whoever may read its secret, once `<client>` and `<key>` are put in."""

    usage_command: str
    """The command that shows what a key has used of its quota, once `<client>`, `<key>` and the dates are put in."""

    def __init__(
        self, scope: Construct, construct_id: str, *, gateway_name: str, clients: Mapping[str, GatewayClient]
    ) -> None:
        super().__init__(scope, construct_id)
        defined: list[PlanKey] = []
        for client_name in sorted(clients):
            client = Construct(self, client_name)
            for key_name in sorted(clients[client_name].keys):
                secret_name = naming.client_secret(gateway_name, client_name, key_name)
                defined.append(_define_key(Construct(client, key_name), secret_name, clients[client_name]))
        chain(defined)
        region = Stack.of(self).region
        self.key_command = _render_key_command(gateway_name, region)
        self.usage_command = _render_usage_command(gateway_name, region)


def _render_key_command(gateway_name: str, region: str) -> str:
    secret = naming.client_secret(gateway_name, *_PLACEHOLDERS)
    # In quotes: a shell would take the brackets of a placeholder that was left for redirections.
    return (
        f"aws secretsmanager get-secret-value --region {region} --secret-id '{secret}' "
        "--query SecretString --output text"
    )


def _render_usage_command(gateway_name: str, region: str) -> str:
    """By the description, which is the secret's name and, after a colon, that of the client: ids are not known before
    the deploy, and an output for each key would be too many."""
    secret = naming.client_secret(gateway_name, *_PLACEHOLDERS)
    # A key of somebody else may have no description, of which JMESPath would not take a beginning.
    find_key = (
        f"aws apigateway get-api-keys --region {region} --output text "
        f"--query \"items[?description && (description=='{secret}' || starts_with(description, '{secret}:'))].id\""
    )
    find_plan = f'aws apigateway get-usage-plans --region {region} --output text --key-id "$key" --query "items[].id"'
    return (
        f'key=$({find_key}); aws apigateway get-usage --region {region} --key-id "$key" '
        f'--usage-plan-id "$({find_plan})" --start-date YYYY-MM-DD --end-date YYYY-MM-DD'
    )


def _define_key(scope: Construct, secret_name: str, client: GatewayClient) -> PlanKey:
    return define_plan_key(
        scope,
        secret=_define_secret(scope, secret_name),
        secret_name=secret_name,
        description=f"{secret_name}: {client.description}" if client.description else secret_name,
        usage_plan=client.usage_plan,
    )


def _define_secret(scope: Construct, secret_name: str) -> secretsmanager.Secret:
    """The secret of one key. A test freezes its settings: any other would generate a new value under the same name."""
    secret = secretsmanager.Secret(
        scope,
        "Secret",
        secret_name=secret_name,
        description="Key of a client of ml_gateway. Never change its value: give the client a second key instead.",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            exclude_punctuation=True,
            # The same once more, for MiniStack 1.5.33, which knows the characters only. Keys with other characters
            # would not be taken for ours at the edge (credentials.js).
            exclude_characters=string.punctuation,
            password_length=CLIENT_KEY_LENGTH,
        ),
    )
    acknowledge(
        secret,
        "AwsSolutions-SMG4",
        "only its client can change a key over: a second key is added, and the first one removed later",
    )
    return secret
