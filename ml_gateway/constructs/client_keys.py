"""The keys of the clients, as an API knows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import ClientConfig
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.constructs.client_secrets import ANY_KEY, ClientSecrets
from ml_gateway.constructs.plan_key import PlanKey, chain, define_plan_key


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayClient:
    """Who may call: the plan that holds for each of its keys on its own, and what the console shows beside them."""

    usage_plan: apigateway.UsagePlan
    description: str | None = None

    def __post_init__(self) -> None:
        refuse_setting(ClientConfig, "description", self.description, of="GatewayClient.description")


class ClientKeys(Construct):
    """An API key for each of the `secrets`, with its value, in the plan of its client.

    A client that is left out is refused with the next deploy, and no other key changes: what revokes a key is that it
    leaves its plan. A key cannot move to another plan: it may be in one plan of a stage, and CloudFormation joins it to
    the new plan before it leaves the old one. Give the client a key of another name together with the other plan.

    Two names are two live keys, so that a client can change over from one to the other. Errors: `clients` and
    `secrets` name other clients.
    """

    api_keys: Mapping[str, Mapping[str, apigateway.ApiKey]]
    """By client and key."""

    usage_command: str
    """The command that shows what a key has used of its quota, once `<client>`, `<key>` and the dates are put in."""

    disable_command: str
    """The command after which a key is refused at once, once `<client>` and `<key>` are put in."""

    def __init__(
        self, scope: Construct, construct_id: str, *, secrets: ClientSecrets, clients: Mapping[str, GatewayClient]
    ) -> None:
        super().__init__(scope, construct_id)
        if differing := sorted(secrets.secrets.keys() ^ clients.keys()):
            raise ValueError(f"clients {', '.join(differing)} are not in both secrets and clients; name them in both")
        keys = {name: dict(self._define_client(name, client, secrets)) for name, client in sorted(clients.items())}
        chain([key for of_client in keys.values() for key in of_client.values()])
        self.api_keys = {
            name: {key: plan_key.api_key for key, plan_key in of_client.items()} for name, of_client in keys.items()
        }
        region = Stack.of(self).region
        self.usage_command = _render_usage_command(secrets.gateway_name, region)
        self.disable_command = _render_disable_command(secrets.gateway_name, region)

    def _define_client(self, name: str, client: GatewayClient, secrets: ClientSecrets) -> Iterator[tuple[str, PlanKey]]:
        scope = Construct(self, name)
        for key, secret in secrets.secrets[name].items():
            secret_name = naming.client_secret(secrets.gateway_name, name, key)
            yield (
                key,
                define_plan_key(
                    Construct(scope, key),
                    secret=secret,
                    secret_name=secret_name,
                    description=f"{secret_name}: {client.description}" if client.description else secret_name,
                    usage_plan=client.usage_plan,
                ),
            )


def _render_usage_command(gateway_name: str, region: str) -> str:
    find_plan = f'aws apigateway get-usage-plans --region {region} --output text --key-id "$key" --query "items[].id"'
    return (
        f'{_render_find_key(gateway_name, region)}; aws apigateway get-usage --region {region} --key-id "$key" '
        f'--usage-plan-id "$({find_plan})" --start-date YYYY-MM-DD --end-date YYYY-MM-DD'
    )


def _render_disable_command(gateway_name: str, region: str) -> str:
    return (
        f"{_render_find_key(gateway_name, region)}; aws apigateway update-api-key --region {region} "
        '--api-key "$key" --patch-operations op=replace,path=/enabled,value=false'
    )


def _render_find_key(gateway_name: str, region: str) -> str:
    """Sets `key` to an id, by the description, which is the secret's name and, after a colon, that of the client: ids
    are not known before the deploy, and an output for each key would be too many."""
    secret = naming.client_secret(gateway_name, *ANY_KEY)
    # A key of somebody else may have no description, of which JMESPath would not take a beginning.
    return (
        f"key=$(aws apigateway get-api-keys --region {region} --output text "
        f"--query \"items[?description && (description=='{secret}' || starts_with(description, '{secret}:'))].id\")"
    )
