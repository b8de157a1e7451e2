"""How tests get at templates: one synthesis, then plain JSON."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from ml_gateway import GatewayConfig, ModelConfig, PlanConfig, RequestQuota, RequestRate, define_gateway

TOP = Path(__file__).parent.parent
CONTEXT: Mapping[str, Any] = json.loads((TOP / "cdk.json").read_text())["context"]

Json = dict[str, Any]
Templates = dict[str, Json]
AssemblyOf = Callable[[str], Path]
TemplatesOf = Callable[[str], Templates]


def new_app(outdir: Path | None = None) -> App:
    """An app with the context of cdk.json, without the built-in validation: seconds that most tests do not need.

    As in every app with `add_policy_checks`, CDK does not count resources itself.
    """
    context = {**CONTEXT, "@aws-cdk/core:stackResourceLimit": 0}
    return App(context=context, outdir=str(outdir) if outdir else None, builtin_cloud_formation_validation=False)


def bare_stack(name: str = "theirs", *, region: str | None = "us-east-1", app: App | None = None) -> Stack:
    """A stack that is not ours, without an account, in an app without our feature flags."""
    return Stack(app or App(builtin_cloud_formation_validation=False), name, env=Environment(region=region))


def gateway_config(**changes: Any) -> GatewayConfig:
    """The default gateway, built in Python, with `changes`."""
    settings: dict[str, Any] = {
        "name": "acme-ml",
        "regions": ("us-east-1",),
        "models": {"predict": ModelConfig(url="https://model.example.com/invocations")},
        "plans": {"default": PlanConfig(rate=RequestRate(2), burst=10, quota=RequestQuota(1000, "month"), offset=1)},
    }
    return GatewayConfig(**{**settings, **changes})


def synthesize(config: GatewayConfig) -> Templates:
    """The templates of the gateway that `config` describes, by the role of their stack: api, edge, account.

    With several regions `api-<region>`, `account-<region>` and `drain-<region>`.
    """
    app = new_app()
    define_gateway(app, config)
    return templates_in(Path(app.synth().directory), config)


def templates_in(assembly: Path, config: GatewayConfig) -> Templates:
    """Those of the gateway that `config` describes, as `synthesize` names them."""
    found = {}
    for construct_id, artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            properties = artifact["properties"]
            name = construct_id if len(config.regions) > 1 else properties.get("stackName", construct_id)
            found[name.removeprefix(f"{config.name}-")] = json.loads(
                (assembly / properties["templateFile"]).read_text()
            )
    return found


def template_of(stack: Stack) -> Json:
    template: Json = dict(Template.from_stack(stack).to_json())
    return template


def resources(template: Json, resource_type: str) -> dict[str, Json]:
    """Logical id -> properties of every resource of that type."""
    return {
        logical_id: resource.get("Properties", {})
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == resource_type
    }


def only(template: Json, resource_type: str) -> Json:
    """The properties of the one resource of that type."""
    (properties,) = resources(template, resource_type).values()
    return properties
