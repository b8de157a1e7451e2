"""How much CloudFormation takes: counted in what was defined, since nothing else counts exactly.

Nobody can acknowledge these: a deploy would fail.
"""

import json
from typing import Final

from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.template import Json, Subjects

MOST: Final = {"resources": 500, "dynamic references": 60, "outputs": 200, "bytes": 1_000_000}
"""CloudFormation quotas: resources and outputs declared in a template, the size of its body; dynamic references in one
(CloudFormation user guide, dynamic references)."""


def sizes(template: Json) -> dict[str, int]:
    """What is counted of a template."""
    return {
        "resources": len(template.get("Resources", {})),
        "dynamic references": json.dumps(template.get("Resources", {})).count("{{resolve:"),
        "outputs": len(template.get("Outputs", {})),
        # As the CDK writes it, without the indentation that it leaves out where a template is near the limit.
        "bytes": len(json.dumps(template, separators=(",", ":"), ensure_ascii=False).encode()),
    }


def sizes_beside_limits(template: Json) -> Subjects:
    """Each count, by words that say it: `502 resources of 500`."""
    return {f"{count} {what} of {MOST[what]}": (count, MOST[what]) for what, count in sizes(template).items()}


@house_rule(sizes_beside_limits, source="CloudFormation user guide, quotas", fatal=True)
def a_stack_is_within_the_limits_of_cloudformation(_name: str, subject: tuple[int, int], _template: Json) -> bool:
    """A stack has no more than CloudFormation takes: take out models or keys, or put them in another gateway."""
    count, most = subject
    return count <= most


SIZE_RULES: Final[tuple[HouseRule, ...]] = (a_stack_is_within_the_limits_of_cloudformation,)
