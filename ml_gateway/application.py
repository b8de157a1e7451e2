"""The gateway as a whole: the one place that knows all its stacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Environment, Stack
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError, Conflict, Written, problem_of
from ml_gateway.constructs import GatewayOrigin
from ml_gateway.design import GatewayDesign
from ml_gateway.functions import MissingModuleError, find_jose, find_signer
from ml_gateway.policy import SOURCE_METADATA
from ml_gateway.rules import checked
from ml_gateway.stacks import AccountStack, ApiStack, EdgeStack, KeysStack


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """The stacks of one gateway. `apis`: one in each region, by its name. `accounts`: likewise, with
    `logs.account_role: create` only. `drains`: by the region that each drains, where there are several."""

    keys: KeysStack
    apis: Mapping[str, ApiStack]
    edge: EdgeStack
    accounts: Mapping[str, AccountStack]
    drains: Mapping[str, Stack]


def own_origin(api: ApiStack) -> GatewayOrigin:
    """The API over HTTPS, at its origin name or else at its own address."""
    return api.origin


def define_gateway(
    scope: Construct,
    config: GatewayConfig,
    *,
    written: Written | None = None,
    origin_for: Callable[[ApiStack], GatewayOrigin] = own_origin,
) -> Gateway:
    """Define the stacks of the gateway that `config` describes: `<name>-keys` and `<name>-edge` in us-east-1, and
    `<name>-api` in each region, deployed between them.

    With several regions there is a `<name>-drain-<region>` for each, in another one, and with
    `logs.account_role: create` an `<name>-account` in each, both deployed before the APIs. `written` is where the
    settings were read from, for messages to name the line. `origin_for` says where the distribution fetches from; only
    the local cloud passes another one. Raises ConfigError with all that is wrong between settings, before anything is
    defined; and so does a package of npm that is missing.
    """
    design = checked(config, written=written)
    _expect_modules(design, written)
    tags = dict(design.tags)
    beside_the_edge = Environment(account=design.account, region=naming.EDGE_REGION)
    keys = KeysStack(scope, naming.keys_stack(design.name), design=design, env=beside_the_edge, tags=tags)
    drains = _define_drains(scope, design, after=keys)
    accounts = _define_accounts(scope, design) if design.creates_log_role else {}
    apis = {region: _define_api(scope, design, region, keys) for region in design.regions}
    for region, api in apis.items():
        for before in (drains.get(region), accounts.get(region)):
            if before:
                api.add_stack_dependency(before)
    edge = EdgeStack(
        scope,
        naming.edge_stack(design.name),
        design=design,
        origin=origin_for(next(iter(apis.values()))),
        env=beside_the_edge,
        tags=tags,
    )
    for api in apis.values():
        # Holds even where the origin refers to nothing of an API: all accept a secret first, then the edge sends it.
        # That they come after the secrets follows from what names them.
        edge.add_stack_dependency(api)
    if written:
        for stack in (keys, *apis.values(), edge):
            section = "clients" if stack is keys else "models"
            stack.node.add_metadata(SOURCE_METADATA, f"{written.at((section,))}: {section}")
    return Gateway(keys=keys, apis=apis, edge=edge, accounts=accounts, drains=drains)


def _define_api(scope: Construct, design: GatewayDesign, region: str, keys: KeysStack) -> ApiStack:
    name = naming.api_stack(design.name)
    return ApiStack(
        scope,
        naming.construct_id(name, region),
        design=design,
        region=region,
        origin_secrets=keys.origin_secrets,
        client_secrets=keys.client_secrets,
        stack_name=name,
        env=Environment(account=design.account, region=region),
        tags=dict(design.tags),
    )


def _define_accounts(scope: Construct, design: GatewayDesign) -> dict[str, AccountStack]:
    name = naming.account_stack(design.name)
    return {
        region: AccountStack(
            scope,
            naming.construct_id(name, region),
            stack_name=name,
            env=Environment(account=design.account, region=region),
            tags=dict(design.tags),
        )
        for region in design.regions
    }


def _define_drains(scope: Construct, design: GatewayDesign, *, after: Stack) -> dict[str, Stack]:
    if len(design.regions) < 2:
        return {}
    # Not above: it takes long to load, and most gateways are in one region.
    from ml_gateway.stacks.drain_stack import DrainStack

    drains: dict[str, Stack] = {}
    for region, said in design.regions.items():
        drains[region] = DrainStack(
            scope,
            naming.drain_stack(design.name, region),
            design=design,
            drains=region,
            env=Environment(account=design.account, region=said.alarm_region),
            tags=dict(design.tags),
        )
        drains[region].add_stack_dependency(after)
    return drains


def _expect_modules(design: GatewayDesign, written: Written | None) -> None:
    """What checks tokens, and what signs requests to a store, is there, before anything is defined."""
    needed = {"issuers": (bool(design.issuers), find_jose), "models": (bool(design.edge.splits), find_signer)}
    for section, (is_needed, find) in needed.items():
        try:
            if is_needed:
                find(Path.cwd())
        except MissingModuleError as error:
            raise ConfigError([problem_of(Conflict(str(error), (section,)), written)]) from None
