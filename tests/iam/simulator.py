"""What policies let through, as an evaluator of IAM decides that is not ours."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.authorizer.function import NODE
from tests.synthesis import Json

SIMULATOR: Final = Path(__file__).with_name("iam_simulate.mjs")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is asked of a policy: a document, or the answer of an authorizer. `context`: condition keys."""

    policy: Json
    resource: str
    action: str
    context: Mapping[str, str] = field(default_factory=dict)


def decided(cases: Sequence[Case]) -> list[bool]:
    """Whether each case is allowed. A case that the evaluator does not understand is an error."""
    assert cases
    asked = json.dumps(
        [
            {"policy": case.policy, "action": case.action, "resource": case.resource, "context": dict(case.context)}
            for case in cases
        ]
    )
    done = subprocess.run([NODE, SIMULATOR], input=asked, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found: list[bool] = json.loads(done.stdout)
    assert len(found) == len(cases)
    return found
