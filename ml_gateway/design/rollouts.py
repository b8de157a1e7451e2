"""How the edge picks a version of a model, and what takes the callers of one that fails."""

from collections.abc import Mapping
from dataclasses import dataclass

from ml_gateway.config import ModelConfig, RollbackConfig
from ml_gateway.config.types.rollouts import BY_CLIENT, sticky_header
from ml_gateway.serving import MOST_VERSIONS, ServedModel, expression_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """The versions of one model among which its requests are split.

    `takes`: a regular expression of the paths of its requests. `shares`: whole percents of each of one to three
    versions, together 100; the first one gets what the others leave. A single one is served under the model's own path,
    and its other path is hidden as those of several are. `by_client`: the same client gets the same version each time;
    `by_header`: whoever sends the same value of that header does. With neither each request is for itself. `choose`:
    the header that names a version. Headers are in lower case. Errors: other shares.
    """

    model: str
    takes: str
    shares: Mapping[str, int]
    by_client: bool = False
    by_header: str | None = None
    choose: str | None = None

    def __post_init__(self) -> None:
        shares = self.shares.values()
        if not 1 <= len(shares) <= MOST_VERSIONS or sum(shares) != 100 or min(shares) < 0:
            said = ", ".join(f"{version}: {share}" for version, share in self.shares.items())
            raise ValueError(
                f"Split.shares: {{{said}}} are no shares; write whole percents of 1 to {MOST_VERSIONS} versions, "
                "together 100"
            )

    @classmethod
    def of(cls, served: ServedModel, model: ModelConfig) -> "Split | None":
        """None without versions, and where rules have something to say of the shares."""
        usual = 100 if len(model.versions) == 1 else 0
        shares = {version: model.split.get(version, usual) for version in model.versions}
        if not 1 <= len(shares) <= MOST_VERSIONS or sum(shares.values()) != 100:
            return None
        return cls(
            model=served.name,
            takes=expression_of(served),
            shares=shares,
            by_client=model.sticky == BY_CLIENT,
            by_header=sticky_header(model.sticky) if model.sticky else None,
            choose=model.choose.lower() if model.choose else None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollback:
    """A version whose callers get `when.to` where it fails."""

    model: str
    version: str
    when: RollbackConfig
