"""What a rule is: a function of what the file says and what it means, and the places that it reads."""

from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ml_gateway.config import GatewayConfig, ModelConfig, VersionConfig
from ml_gateway.conflicts import Conflict, Place, places_read, stands_on
from ml_gateway.design import GatewayDesign, ModelDesign

Find = Callable[[GatewayConfig, GatewayDesign], Iterable[Conflict]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Yields what is wrong between settings each of which is right by itself.

    `reads` has the paths of the settings that a conflict rests on, beside the one at its place; `models.*.path` is that
    of each model that the conflict is about. What rests on a value that was refused is not told.
    """

    find: Find
    reads: tuple[str, ...]

    def conflicts(
        self, said: GatewayConfig, meant: GatewayDesign, *, refused: Collection[Place], disputed: AbstractSet[Place]
    ) -> list[Conflict]:
        """What is wrong, as far as it rests neither on a value that was `refused` nor on a setting that is `disputed`.

        Of a setting that is disputed each rule may say something.
        """

        def names(section: str) -> set[str]:
            """Those of the section, and of what was left out of it."""
            left_out = {str(place[1]) for place in refused if place[0] == section and len(place) > 1}
            return {*getattr(said, section), *left_out}

        def sure(conflict: Conflict) -> bool:
            read = list(places_read(self.reads, conflict, names))
            return (
                not stands_on([conflict.at], refused)
                and not stands_on(read, refused, within=True)
                and disputed.isdisjoint(read)
            )

        return [conflict for conflict in self.find(said, meant) if sure(conflict)]


def reads(*paths: str) -> Callable[[Find], Rule]:
    """Make a function a rule that reads these settings."""
    return lambda find: Rule(find, paths)


def entries(said: GatewayConfig, model: str) -> dict[str, tuple[str, ...]]:
    """What a conflict of a model is about: the model, and the backends that it, or a version of it, names."""
    return {"models": (model,), "backends": said.models[model].backends}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What has a backend of its own: the model `name`, or a version of it. `at`: where it stands; `said`: what the file
    says there."""

    name: str
    at: Place
    said: ModelConfig | VersionConfig
    meant: ModelDesign

    def place_of(self, setting: str) -> Place:
        """Where a setting of the model stands; of a version, which does not say it, the version itself."""
        return (*self.at, setting) if isinstance(self.said, ModelConfig) else self.at

    @property
    def place_of_url(self) -> Place:
        """The URL of an http backend, wherever it is written."""
        return (*self.at, "url") if self.said.backend is None else ("backends", self.said.backend, "url")


def parts_of(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Part]:
    """Each model without versions, and each version of the others, in the order of the file."""
    for at, part in meant.parts.items():
        _, name, *version = at
        model = said.models[str(name)]
        its = model.versions[str(version[1])] if version else model
        yield Part(name=str(name), at=at, said=its, meant=part)
