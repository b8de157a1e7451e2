"""What a rule is: a function of what the file says and what it means, and the places that it reads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict, Place, places_read, stands_on
from ml_gateway.design import GatewayDesign

Find = Callable[[GatewayConfig, GatewayDesign], Iterable[Conflict]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Yields what is wrong between settings each of which is right by itself.

    `reads` has the paths of the settings that a conflict rests on, beside the one at its place; `models.*.path` is that
    of each model that the conflict is about. What rests on a value that was refused is not told.
    """

    find: Find
    reads: tuple[str, ...]

    def conflicts(self, said: GatewayConfig, meant: GatewayDesign, refused: Iterable[Place] = ()) -> list[Conflict]:
        """What is wrong, as far as it does not rest on a place that was `refused`."""
        places = set(refused)
        return [
            conflict
            for conflict in self.find(said, meant)
            if not places or not stands_on(conflict.at, self._read(said, conflict), places)
        ]

    def _read(self, said: GatewayConfig, conflict: Conflict) -> list[Place]:
        return list(places_read(self.reads, conflict, lambda section: getattr(said, section)))


def reads(*paths: str) -> Callable[[Find], Rule]:
    """Make a function a rule that reads these settings."""
    return lambda find: Rule(find, paths)
