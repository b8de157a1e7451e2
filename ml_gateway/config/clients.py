"""The callers that have keys of their own, as the file describes them."""

from pydantic import Field

from ml_gateway.config.plans import PlanOfClient
from ml_gateway.config.section import Section
from ml_gateway.config.types.keys import KeyNames
from ml_gateway.config.types.names import Description


class ClientConfig(Section):
    """A caller with keys of its own: what it may call is limited for it alone."""

    plan: PlanOfClient = Field(examples=["free", {"rate": "5/s", "burst": 10, "quota": "1000/day"}])
    """The name of the plan that limits it, or a plan of its own with the settings of `plans.<name>`, whose values
    change in place. Each of its keys has the plan's rate and quota for itself."""

    description: Description | None = Field(default=None, examples=["The app for phones."])
    """What the console shows beside its keys."""

    keys: KeyNames = Field(default=("default",), examples=[["a", "b"]])
    """The names of its keys, all of them valid: with two a client changes over from one to the other."""
