"""The one value that the regional stack hands to the global one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from constructs import IConstruct

from ml_gateway.design import Callers


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayOrigin:
    """Where the distribution fetches from, and the secrets that it proves itself with.

    `headers` maps the name of an origin custom header to the *name* of the secret that holds its value. A secret's
    name resolves in every region that has the secret or a replica of it; its ARN or a token would silently be
    the wrong region's. `after` is what defines these secrets, and what accepts them: the distribution comes after it.
    `callers` is who may call there. `protocol` is `https` for everything deployed; the local cloud has no TLS. `region`
    is the one that answers, where no other one may.
    """

    domain_name: str
    origin_path: str
    headers: Mapping[str, str]
    callers: Callers
    after: tuple[IConstruct, ...] = ()
    protocol: Literal["https", "http"] = "https"
    port: int = 443
    region: str | None = None
