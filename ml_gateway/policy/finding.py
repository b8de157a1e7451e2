"""What a house rule finds."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What breaks a rule: where it lies, and what is wrong with it. It never repeats what may be a secret.

    `location` is relative to the resource, such as `Properties.DistributionConfig.Origins.0`; an empty
    `logical_id` means the template as a whole.
    """

    logical_id: str
    location: str
    found: str


class UnreadableError(Exception):
    """What a rule has to know is missing, of another type, or known to CloudFormation alone."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.logical_id} {finding.location} {finding.found}")
        self.finding = finding
