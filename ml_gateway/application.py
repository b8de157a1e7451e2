"""The gateway as a whole: the one place that knows all its stacks."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_cdk import Environment
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Written
from ml_gateway.constructs import GatewayOrigin
from ml_gateway.policy import SOURCE_METADATA
from ml_gateway.rules import checked
from ml_gateway.stacks import AccountStack, ApiStack, EdgeStack, KeysStack


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """The stacks of one gateway; `account` with `logs.account_role: create` only."""

    keys: KeysStack
    api: ApiStack
    edge: EdgeStack
    account: AccountStack | None


def execute_api_origin(api: ApiStack) -> GatewayOrigin:
    """The API at its own address, over HTTPS."""
    return api.origin


def define_gateway(
    scope: Construct,
    config: GatewayConfig,
    *,
    written: Written | None = None,
    origin_for: Callable[[ApiStack], GatewayOrigin] = execute_api_origin,
) -> Gateway:
    """Define the stacks of the gateway that `config` describes: `<name>-keys` and `<name>-edge` in us-east-1, and
    `<name>-api`, deployed between them.

    With `logs.account_role: create` there is `<name>-account` too, deployed before the API. `written` is where the
    settings were read from, for messages to name the line. `origin_for` says where the distribution fetches from; only
    the local cloud passes another one. Raises ConfigError with all that is wrong between settings, before anything is
    defined.
    """
    design = checked(config, written=written)
    tags = dict(design.tags)
    regional = Environment(account=design.account, region=design.region)
    beside_the_edge = Environment(account=design.account, region=naming.EDGE_REGION)
    keys = KeysStack(scope, naming.keys_stack(design.name), design=design, env=beside_the_edge, tags=tags)
    api = ApiStack(
        scope,
        naming.api_stack(design.name),
        design=design,
        origin_secrets=keys.origin_secrets,
        client_secrets=keys.client_secrets,
        env=regional,
        tags=tags,
    )
    account = None
    if design.creates_log_role:
        account = AccountStack(scope, naming.account_stack(design.name), env=regional, tags=tags)
        api.add_stack_dependency(account)
    edge = EdgeStack(
        scope,
        naming.edge_stack(design.name),
        design=design,
        origin=origin_for(api),
        env=beside_the_edge,
        tags=tags,
    )
    if written:
        for stack, section in ((keys, "clients"), (api, "models"), (edge, "models")):
            stack.node.add_metadata(SOURCE_METADATA, f"{written.at((section,))}: {section}")
    # Holds even where the origin refers to nothing of the API: it accepts a secret first, then the edge sends it. That
    # both come after the secrets follows from what names them.
    edge.add_stack_dependency(api)
    return Gateway(keys=keys, api=api, edge=edge, account=account)
