"""The regions: where each API is, whether requests come to it, and from where it is drained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.config import RegionConfig
from ml_gateway.naming import EDGE_REGION

_ALARM_OF_THE_EDGE_REGION: Final = "us-west-2"
"""Where the alarm of us-east-1 is: fixed, so that no other region of the file has to stay for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionDesign:
    """One region of a gateway. `alarm_region` has the metric and the alarm that drain it; None where it is the only
    one, which nothing drains. `drained`: by the file, so that no name leads to it."""

    drained: bool
    alarm_region: str | None

    @classmethod
    def of(cls, regions: Mapping[str, RegionConfig]) -> Mapping[str, "RegionDesign"]:
        """By the region's name, in the order of the file."""
        several = len(regions) > 1
        return {
            name: cls(drained=said.drain, alarm_region=_alarm_region(name, said) if several else None)
            for name, said in regions.items()
        }


def _alarm_region(name: str, said: RegionConfig) -> str:
    return said.alarm_region or (_ALARM_OF_THE_EDGE_REGION if name == EDGE_REGION else EDGE_REGION)
