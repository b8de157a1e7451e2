"""Settings that a file had once, with the way out. Each stays until no file of before 1.0 can be around."""

from collections.abc import Mapping
from typing import Final

from ml_gateway.conflicts import Place

_REMOVED: Final[Mapping[Place, str]] = {
    ("models", "*", "long_timeout"): "write service_quotas: {integration_timeout: 60s}, or what AWS raised it to, at "
    "the top of the file, and leave this line out",
}
"""Place -> what to do instead; a star is any name."""


def way_out_of_removed(place: Place) -> str | None:
    """What to do instead of a setting that was taken out; None for what never was one."""
    for removed, way_out in _REMOVED.items():
        if len(removed) == len(place) and all(one in ("*", other) for one, other in zip(removed, place, strict=True)):
            return way_out
    return None
