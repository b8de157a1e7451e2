"""Questions to the API's access log that are ready to be asked in CloudWatch Logs Insights."""

from collections.abc import Iterator, Mapping
from typing import Final

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.config.refusals import refuse_setting

_WHAT_WAS_ASKED: Final = ("status", "errorResponseType", "httpMethod", "path", "requestId")
_TIMES: Final = ("responseLatency", "integrationLatency", "timeToFirstContent")


class SavedQueries(Construct):
    """Queries of the access log of `ProxyApi`, in a folder named like the gateway, in the region of the log.

    `one request` finds it by either id that its answer had, put in for `<id>`. `slowest` and `refused` show the last
    ones; refused is what API Gateway itself answered with 4xx. `by client` counts requests, and shows the 95th
    percentile of the latency.

    `api_keys`, by client and key: the log has the id of a key alone. With them each query shows `<client>/<key>` as
    `client`; without them there is no `by client`. A query has room for the names of 59 keys, however long they are.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway_name: str,
        access_log: logs.ILogGroup,
        api_keys: Mapping[str, Mapping[str, apigateway.ApiKey]] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        refuse_setting(GatewayConfig, "name", gateway_name, of="SavedQueries.gateway_name")
        names = {
            api_key.key_id: f"{client}/{key}"
            for client, keys in (api_keys or {}).items()
            for key, api_key in keys.items()
        }
        for question, query in _render_queries(_render_client(names) if names else None):
            logs.QueryDefinition(
                self,
                question.title().replace(" ", ""),
                query_definition_name=naming.saved_query(gateway_name, question),
                query_string=query,
                log_groups=[access_log],
            )


def _render_queries(client: str | None) -> Iterator[tuple[str, logs.QueryString]]:
    """`client`: what makes the field of that name."""
    computed = [client] if client else []
    shown = ("client", *_WHAT_WAS_ASKED) if client else _WHAT_WAS_ASKED
    yield (
        "one request",
        logs.QueryString(
            fields=["@timestamp", *computed, "@message"],
            filter_statements=['requestId = "<id>" or extendedRequestId = "<id>"'],
        ),
    )
    yield (
        "slowest",
        logs.QueryString(
            fields=["@timestamp", *_TIMES, *computed],
            sort="responseLatency desc",
            limit=50,
            display=", ".join(("@timestamp", *_TIMES, *shown)),
        ),
    )
    yield (
        "refused",
        logs.QueryString(
            fields=["@timestamp", *computed],
            filter_statements=['errorResponseType != "-" and status like /^4/'],
            sort="@timestamp desc",
            limit=200,
            display=", ".join(("@timestamp", *shown, "wafResponseCode")),
        ),
    )
    if client:
        yield (
            "by client",
            logs.QueryString(
                fields=computed,
                stats_statements=["count() as requests, pct(responseLatency, 95) as p95 by client, status"],
                sort="requests desc",
            ),
        )


def _render_client(names: Mapping[str, str]) -> str:
    """The id of a key, replaced by what stands beside it in `names`. Logs Insights has a command for that, `lookup`,
    but CloudFormation cannot make the tables that it reads."""
    client = "apiKeyId"
    for key_id, name in names.items():
        client = f'replace({client}, "{key_id}", "{name}")'
    return f"{client} as client"
