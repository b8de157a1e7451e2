"""What a deployment leaves to read, and where in it a text is."""

from collections.abc import Mapping

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway, stacks_of


def everything_written(gateway: LocalGateway) -> Mapping[str, str]:
    """Place -> content: assemblies, logs of the CLI, deployed templates and outputs."""
    inventory = CloudInventory(gateway.cloud)
    stacks = stacks_of(gateway.config).values()
    files = {str(file): file.read_text(errors="replace") for file in gateway.cdk.directory.rglob("*") if file.is_file()}
    templates = {f"template of {name}": inventory.template(name, region) for name, region in stacks}
    outputs = {f"outputs of {name}": str(inventory.outputs(name, region)) for name, region in stacks}
    return {**files, **templates, **outputs}


def places_with(text: str, written: Mapping[str, str]) -> list[str]:
    return [place for place, content in written.items() if text in content]
