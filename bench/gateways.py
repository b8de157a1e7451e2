"""Files with many models, and what becomes of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_gateway.serving.limits import MOST_RESOURCES_OF_A_STACK

_BEFORE = "name: bench-{count}\nregions: [us-east-1]\nmodels:\n"
_MODEL = "  model-{number:04}: {{url: {scheme}://m{number}.example.com/invocations}}\n"
_AFTER = (
    "plans:\n  default: {rate: 2/s, burst: 10, quota: 1000/month, offset: 1}\nedge:\n  cache: {default: 1h, max: 24h}\n"
)

MOST_RAW_MODELS = (MOST_RESOURCES_OF_A_STACK - 8) // 2
"""Each raw model is a resource of the API and a method; 8 are there without any: the log group, the API, its
deployment and stage, the plan, and the secret with its key and the key's place in the plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AssemblySize:
    """What a synthesis wrote: resources and template bytes of all stacks, resources of the API with its root."""

    resources: int
    template_bytes: int
    api_resources: int


def render_gateway(count: int, *, scheme: str = "https") -> str:
    """The text of a file with so many raw models. Of `http` every model is refused."""
    models = (_MODEL.format(number=number, scheme=scheme) for number in range(count))
    return _BEFORE.format(count=count) + "".join(models) + _AFTER


def read_templates(assembly: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(assembly.glob("*.template.json"))]


def size_of(assembly: Path) -> AssemblySize:
    types = [resource["Type"] for template in read_templates(assembly) for resource in template["Resources"].values()]
    return AssemblySize(
        resources=len(types),
        template_bytes=sum(path.stat().st_size for path in assembly.glob("*.template.json")),
        api_resources=1 + types.count("AWS::ApiGateway::Resource"),
    )
