"""Files with many models, and what becomes of them."""

import json
import re
from pathlib import Path
from typing import Any, Final

from ml_gateway.serving import USUAL_RESOURCES_OF_AN_API

_BEFORE: Final = "name: bench-{count}\nregions: [us-east-1]\nmodels:\n"
_MODEL: Final = "  model-{number:04}: {{url: {scheme}://m{number}.example.com/invocations}}\n"
_AFTER: Final = (
    "plans:\n  default: {rate: 2/s, burst: 10, quota: 1000/month, offset: 1}\nedge:\n  cache: {default: 1h, max: 24h}\n"
)
_RAISED: Final = "service_quotas: {{api_resources: {resources}}}\n"
_HOST: Final = re.compile(r"https://[a-z0-9-]+\.example\.com")


def render_gateway(count: int, *, scheme: str = "https") -> str:
    """The text of a file with so many raw models, each at a host of its own. Of `http` every model is refused.

    It says that a quota was raised only where it needs that: another checkout may not know the setting.
    """
    models = (_MODEL.format(number=number, scheme=scheme) for number in range(count))
    raised = _RAISED.format(resources=count + 1) if count + 1 > USUAL_RESOURCES_OF_AN_API else ""
    return _BEFORE.format(count=count) + "".join(models) + _AFTER + raised


def count_models(assembly: Path) -> int:
    """The models that the templates serve: the hosts of example.com, of which each model here has one."""
    return len({host for path in template_files(assembly) for host in _HOST.findall(path.read_text())})


def read_templates(assembly: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in template_files(assembly)]


def template_files(assembly: Path) -> list[Path]:
    return sorted(assembly.glob("*.template.json"))
