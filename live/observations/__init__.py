"""What each question looks at, in the order in which it can be looked at."""

from collections.abc import Mapping
from typing import Final

from live.observations import caches, callers, document, edge, firewall, regional, versions, vpc
from live.observations.seen import Observe

FIRST: Final[Mapping[str, Observe]] = {
    "import": document.import_,
    "firewall-taken": firewall.firewall_taken,
    "key-lock": edge.key_lock,
    "header-lock": edge.header_lock,
    "edge-function": edge.edge_function,
    "edge-time": edge.edge_time,
    "raw-paths": edge.raw_paths,
    "header-spelling": edge.header_spelling,
    "method-override": edge.method_override,
    "plain-http": edge.plain_http,
    "document-reference": document.document_reference,
    "colon": document.colon,
    "request-id": document.request_id,
    "stream": document.stream,
    "tokens": callers.tokens,
    "token-condition": callers.token_condition,
    "own-models": callers.own_models,
    "usage-identifier": callers.usage_identifier,
    "no-credentials": edge.no_credentials,
    "cache-apart": caches.cache_apart,
    "cache-headers": caches.cache_headers,
    "errors-apart": caches.errors_apart,
    "version-hidden": versions.version_hidden,
    "version-sticky": versions.version_sticky,
    "own-versions": versions.own_versions,
    "store-signature": versions.store_signature,
    "override-speed": versions.override_speed,
    "event-source": versions.event_source,
    "firewall-answers": firewall.firewall_answers,
    "replicas": regional.replicas,
    "certificates": regional.certificates,
    "drain": regional.drain,
    "viewer-tls": regional.viewer_tls,
    "vpc-link": vpc.vpc_link,
    "vpc-link-path": vpc.vpc_link_path,
    "vpc-link-stream": vpc.vpc_link_stream,
}
"""Of what is deployed first."""

THEN: Final[Mapping[str, Observe]] = {
    "rotation": document.rotation,
    "renamed-variable": document.renamed_variable,
    "removed-route": document.removed_route,
    "vpc-link-replaced": vpc.vpc_link_replaced,
    "removed-client": callers.removed_client,
    "override-ends": versions.override_ends,
    "disabled-key": callers.disabled_key,
    "secret-in-clear": edge.secret_in_clear,
    "logs": firewall.logs,
    "firewall-rate": firewall.firewall_rate,
}
"""After the second deploy."""
