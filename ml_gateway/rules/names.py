"""Names of entries and tags: their form, and what they lead to."""

import re
from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.names import ENTRY_NAME, SERVED_AS, TAG_KEY
from ml_gateway.conflicts import Conflict, refused_names
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import NAMES_MODELS, ProtocolName
from ml_gateway.wording import shown, suggestion


@reads()
def misnamed_entries(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Entries, or tags, whose names do not have the form of one."""
    forms = dict.fromkeys(("backends", "models", "plans", "clients", "issuers"), ENTRY_NAME) | {"tags": TAG_KEY}
    for section, form in forms.items():
        for name, message in refused_names(getattr(said, section), form.check):
            way_out = _of_its_server(name, meant.models[name].served.protocol) if section == "models" else ""
            yield Conflict(f"{message}{way_out}", (section, name))


def _of_its_server(name: str, protocol: ProtocolName) -> str:
    """The way out for a model that was given the name by which others know it; nothing for any other text."""
    own = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    if not (SERVED_AS.fits(name) and ENTRY_NAME.fits(own)):
        return ""
    if protocol in NAMES_MODELS:
        return f": here {own}, and below it served_as: {name}, which is what its server calls it"
    return (
        f": here {own}, and below it path: /{name} where its URL is to have that name; served_as: {name} is for a "
        "protocol whose paths name the model"
    )


@reads("plans")
def unknown_plans(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Clients that name a plan which is not there."""
    for name, client in said.clients.items():
        if isinstance(client.plan, str) and client.plan not in said.plans:
            way_out = suggestion(client.plan, said.plans) if said.plans else "write plan: {rate: 2/s, burst: 10}"
            message = f"{shown(client.plan)} is not a plan; {way_out}"
            yield Conflict(message, ("clients", name, "plan"))


@reads("models")
def limits_of_unknown_models(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Limits of models which are not there."""
    for place, plan in said.every_plan.items():
        for model in plan.limits:
            if model not in said.models:
                message = f"{shown(model)} is not a model; {suggestion(model, said.models)}"
                yield Conflict(message, (*place, "limits", model))
