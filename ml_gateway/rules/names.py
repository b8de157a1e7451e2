"""Names of entries and tags: their form, and what they lead to."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.names import ENTRY_NAME, TAG_KEY
from ml_gateway.conflicts import Conflict, refused_names
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown, suggestion


@reads()
def misnamed_entries(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Entries, or tags, whose names do not have the form of one."""
    forms = dict.fromkeys(("backends", "models", "plans", "clients"), ENTRY_NAME) | {"tags": TAG_KEY}
    for section, form in forms.items():
        for name, message in refused_names(getattr(said, section), form.check):
            yield Conflict(message, (section, name))


@reads("plans")
def unknown_plans(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Clients that name a plan which is not there."""
    for name, client in said.clients.items():
        if client.plan not in said.plans:
            message = f"{shown(client.plan)} is not a plan; {suggestion(client.plan, said.plans)}"
            yield Conflict(message, ("clients", name, "plan"))


@reads("models")
def limits_of_unknown_models(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Limits of models which are not there."""
    for name, plan in said.plans.items():
        for model in plan.limits:
            if model not in said.models:
                message = f"{shown(model)} is not a model; {suggestion(model, said.models)}"
                yield Conflict(message, ("plans", name, "limits", model))
