"""What the edge does: each setting a value, whether the file says it or it follows from the models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta

from ml_gateway.config import (
    CacheConfig,
    CorsConfig,
    CountriesConfig,
    DomainConfig,
    EdgeConfig,
    GatewayConfig,
    IssuerConfig,
    PriceClass,
)
from ml_gateway.config.refusals import refuse_as_in_the_file, refuse_setting
from ml_gateway.design.models import ModelDesign
from ml_gateway.design.rollouts import Split
from ml_gateway.design.service_quotas import ServiceQuotas
from ml_gateway.errors import Dialect
from ml_gateway.serving import PROTOCOLS, specificity
from ml_gateway.serving.timeouts import USUAL_EDGE_TIMEOUT

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeDesign:
    """What a distribution does for an API. What is left out is off.

    Answers to GET and HEAD are kept as `cache` says, or, where a path pattern of `model_caches` matches, as the first
    one says: at most 74 patterns (CloudFront's default quota: 75 cache behaviors). What a pattern of `never_kept` takes
    is not kept at all; those come first, and count among the 74. `error_caching` is how long an error is kept, at
    least.

    `response_timeout` is how long CloudFront waits for the first byte of an answer, and in every gap of a stream: from
    1 s, in whole seconds; more than 120 s takes a raised quota of the account.

    `splits`: the models whose requests the edge function leads to one of several versions. `claims`: by the URL of an
    issuer, the claim by which the clients of its tokens are told apart there.

    `dialect` is how a path is refused. `slashes_in_model_ids`: behind `/v1/models/` an encoded slash is one, as clients
    of the protocol openai write the ids of models.

    Errors: what the file refuses of its section `edge`.
    """

    response_timeout: timedelta = USUAL_EDGE_TIMEOUT
    cache: CacheConfig | None = None
    model_caches: Mapping[str, CacheConfig] = field(default_factory=dict)
    never_kept: tuple[str, ...] = ()
    error_caching: timedelta = timedelta(0)
    domain: DomainConfig | None = None
    cors: CorsConfig | None = None
    health: str | None = None
    security_headers: bool = False
    countries: CountriesConfig | None = None
    price_class: PriceClass = "PriceClass_All"
    dialect: Dialect = "plain"
    slashes_in_model_ids: bool = False
    splits: tuple[Split, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        said = {each.name: getattr(self, each.name) for each in fields(self) if each.name in EdgeConfig.model_fields}
        refuse_as_in_the_file(EdgeConfig, said, of="EdgeDesign")
        refuse_setting(GatewayConfig, "errors", self.dialect, of="EdgeDesign.dialect")

    @property
    def keeps(self) -> bool:
        """Whether any answer is kept."""
        return any(cache is not None and cache.keeps for cache in (self.cache, *self.model_caches.values()))

    @classmethod
    def of(
        cls,
        edge: EdgeConfig,
        models: Mapping[str, ModelDesign],
        quotas: ServiceQuotas,
        *,
        dialect: Dialect = "plain",
        issuers: Iterable[IssuerConfig] = (),
    ) -> "EdgeDesign":
        """It waits for the API as long as the file says, or else as the slowest of the `models` needs and `quotas`
        let it."""
        splits = tuple(model.split for model in models.values() if model.split)
        return cls(
            response_timeout=edge.response_timeout
            or _needed_response_timeout(models.values(), quotas.response_timeout),
            cache=edge.cache,
            model_caches=_ordered_caches(edge.cache, models.values()),
            never_kept=_never_kept(edge.cache, models.values()),
            error_caching=edge.error_caching,
            domain=edge.domain,
            cors=edge.cors,
            health=edge.health,
            security_headers=edge.security_headers,
            countries=edge.countries,
            price_class=edge.price_class,
            dialect=dialect,
            slashes_in_model_ids=any(model.served.protocol == "openai" for model in models.values()),
            splits=splits,
            claims={issuer.url: issuer.claim for issuer in issuers} if any(each.by_client for each in splits) else {},
        )


def _needed_response_timeout(models: Iterable[ModelDesign], most: timedelta) -> timedelta:
    """How long CloudFront has to wait for the slowest of the models, and at most as long as it can."""
    served = [each.served for model in models for each in (model, *model.versions.values())]
    if any(model.streams for model in served):
        return most
    longest = max(model.timeout for model in served)
    needed = -(-longest // _SECOND) * _SECOND + _SECOND
    return min(max(needed, USUAL_EDGE_TIMEOUT), most)


def _ordered_caches(usual: CacheConfig | None, models: Iterable[ModelDesign]) -> Mapping[str, CacheConfig]:
    """How answers are kept by path pattern, for models that say so; in the order in which patterns are tried."""
    caches = {
        pattern: cache
        for model in models
        if (cache := _own_cache(usual, model)) is not None
        for pattern in model.served.path_patterns
    }
    return {pattern: caches[pattern] for pattern in sorted(caches, key=lambda each: (specificity(each), each))}


def _own_cache(usual: CacheConfig | None, model: ModelDesign) -> CacheConfig | None:
    """What the model says. One that is paused has nothing kept where something would be.

    CloudFront serves what it has in place of a 503, with 200, also what has expired (CloudFront Developer Guide, "How
    CloudFront processes HTTP 4xx and 5xx status codes from your origin").
    """
    would_keep = model.cache or usual
    if not model.served.paused or would_keep is None or not any(route.cacheable for route in model.routes):
        return model.cache
    return would_keep.model_copy(update={"default": timedelta(0), "max": timedelta(0)})


def _never_kept(cache: CacheConfig | None, models: Iterable[ModelDesign]) -> tuple[str, ...]:
    """A few path patterns for the models of each protocol, where anything is kept at all."""
    served = list(models)
    if not any(each is not None and each.keeps for each in (cache, *(model.cache for model in served))):
        return ()
    spoken = {model.served.protocol for model in served}
    found = (pattern for name, known in PROTOCOLS.items() if name in spoken for pattern in known.never_kept)
    return tuple(dict.fromkeys(found))
