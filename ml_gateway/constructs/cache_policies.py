"""How long the edge keeps answers, and what tells two of them apart."""

from collections.abc import Collection, Mapping

from aws_cdk import Duration, Names
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import ALWAYS_IN_CACHE_KEY, CacheConfig
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import Callers, Keyed


class CachePolicies:
    """A cache policy for each distinct way of keeping answers: an account has room for 20 (CloudFront quotas).

    Answers to GET and HEAD are kept, keyed by the query string, all cookies, `ALWAYS_IN_CACHE_KEY` and the headers of
    the `CacheConfig`; where `callers` have keys by `x-api-key` too, so that no client gets what another one paid for.
    No other header of a GET reaches the backend: `EdgeFunctions` and `ForwardedHeaders` see to that.
    """

    default: cloudfront.ICachePolicy
    """For all paths that are not in `by_path`."""

    by_path: Mapping[str, cloudfront.ICachePolicy]
    """The path patterns of `never_kept`, and then those of `model_caches`, in their order."""

    def keyed(self, policy: cloudfront.ICachePolicy) -> tuple[str, ...] | None:
        """The headers in the key of one of these policies; None if it keeps nothing."""
        return next((self._headers(cache) for cache, own in self._defined.items() if own is policy), None)

    def __init__(
        self,
        scope: Construct,
        *,
        cache: CacheConfig | None,
        model_caches: Mapping[str, CacheConfig],
        never_kept: Collection[str],
        callers: Callers,
    ) -> None:
        self._keyed_headers = (
            (*ALWAYS_IN_CACHE_KEY, API_KEY_HEADER) if isinstance(callers, Keyed) else ALWAYS_IN_CACHE_KEY
        )
        self._defined: dict[CacheConfig, cloudfront.ICachePolicy] = {}
        self.default = self._policy_of(cache, scope)
        paths = Construct(scope, "CachePolicies")
        self.by_path = {
            **dict.fromkeys(never_kept, cloudfront.CachePolicy.CACHING_DISABLED),
            # Of a slash constructs would make two hyphens, which a path may have itself.
            **{
                path: self._policy_of_path(kept, Construct(paths, path.replace("/", "|")))
                for path, kept in model_caches.items()
                if path not in never_kept
            },
        }

    def _headers(self, cache: CacheConfig) -> tuple[str, ...]:
        return (*self._keyed_headers, *cache.headers)

    def _policy_of_path(self, cache: CacheConfig, path: Construct) -> cloudfront.ICachePolicy:
        # A name that CDK makes is cut after 110 characters: two long paths could get the same.
        return self._policy_of(cache, path, name=Names.unique_resource_name(path, max_length=128))

    def _policy_of(
        self, cache: CacheConfig | None, scope: Construct, *, name: str | None = None
    ) -> cloudfront.ICachePolicy:
        if cache is None or not cache.keeps:
            return cloudfront.CachePolicy.CACHING_DISABLED
        if cache not in self._defined:
            self._defined[cache] = self._define_policy(cache, scope, name)
        return self._defined[cache]

    def _define_policy(self, cache: CacheConfig, scope: Construct, name: str | None) -> cloudfront.CachePolicy:
        return cloudfront.CachePolicy(
            scope,
            "CachePolicy",
            cache_policy_name=name,
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(cache.default.total_seconds()),
            max_ttl=Duration.seconds(cache.max.total_seconds()),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*self._headers(cache)),
            cookie_behavior=cloudfront.CacheCookieBehavior.all(),
            # Accept-Encoding reaches the backend, so a compressed answer must not go to who cannot read it: with
            # these two CloudFront puts the normalised header into the cache key.
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
