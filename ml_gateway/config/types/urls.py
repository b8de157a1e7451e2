"""The types of URLs of HTTP servers, and of the paths and methods by which callers find a model."""

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.hosts import check_public_host, check_signature
from ml_gateway.config.types.lists import Distinct
from ml_gateway.conflicts import Conflict
from ml_gateway.credentials import query_key_with_a_credential
from ml_gateway.serving.paths import PATH, REGION_IN_URLS, VARIABLE, check_path
from ml_gateway.serving.settings import HttpMethod as HttpMethod
from ml_gateway.wording import shown

_SOME_REGION: Final = "zz-region-0"
"""Of the form that regions have, and none."""

_NAME: Final = r"[A-Za-z0-9_-]+"
_REGION: Final = re.escape(REGION_IN_URLS)
_NAME_OR_REGION: Final = rf"([A-Za-z0-9_-]|{_REGION})+"
_IN_PATH: Final = r"A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-"
_IN_QUERY: Final = rf"?{_IN_PATH}"

_END: Final = rf"(:[0-9]{{1,5}})?(/([{_IN_PATH}]|{VARIABLE})*)?(\?([{_IN_QUERY}]|{_REGION})*)?"
_ABSOLUTE: Final = rf"https?://(\[[^\]/]*\]|{_NAME}(?:\.{_NAME})*){_END}"

URL_PATTERN: Final = rf"https?://(({_NAME_OR_REGION}\.)+[A-Za-z][A-Za-z0-9-]*|[0-9]{{1,3}}(\.[0-9]{{1,3}}){{3}}){_END}"
"""What an editor knows of URLs: of hosts that API Gateway cannot call it takes some for right."""

_REFUSED: Final = (
    (
        r"\$\{|\{\{",
        "{url} has a placeholder of another tool, and nothing fills it in here; write the URL itself",
    ),
    (r"^(?!https?://)(?i:https?)://", "{url} has capitals in its scheme; write the scheme in lower case"),
    (
        r"^(?i:wss?)://",
        "{url} is a WebSocket, which a REST API does not pass on; write the https:// URL at which the model answers "
        "requests, and stream: true for an answer in parts",
    ),
    (
        r"^(?i:grpcs?)://",
        "{url} speaks gRPC, which a REST API does not pass on; write the https:// URL of the server's HTTP API",
    ),
    *(
        (f"^arn:[^:]*:{service}:", f"{{url}} is no URL but an ARN; write a backend of type {kind}, which takes it")
        for service, kind in (("lambda", "lambda"), ("elasticloadbalancing", "load_balancer"))
    ),
    (
        r"^arn:[^:]*:sagemaker:",
        "{url} is no URL but an ARN; write a backend of type sagemaker with the name of the endpoint",
    ),
    (r"^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/|\?|$)", "{url} has no scheme; write https:// before it"),
    (
        r"^https?://[^/?#]*[^/?#\x00-\x7f]",
        "{url} has a host with characters beyond ASCII; write it in punycode, such as xn--bcher-kva.example.com for "
        "bücher.example.com",
    ),
    (r"#", "{url} has a fragment, which no server receives; take out # and what follows"),
    (rf"[^{_IN_QUERY}{{}}]", "{url} has characters that a URL cannot have (RFC 3986); write them %-encoded"),
)


def _check_url(url: str) -> str:
    """An absolute http or https URL of a host, on a port, that API Gateway's HTTP integrations reach.

    A query string is allowed, variables such as `{id}` in the path, and `{region}` anywhere. A credential is not: it
    would stand in the template in clear; no message repeats it.
    """
    try:
        _check_url_of_a_region(_of_some_region(url))
    except ValueError as error:
        raise ValueError(str(error).replace(_SOME_REGION, REGION_IN_URLS)) from None
    return url


def _of_some_region(url: str) -> str:
    return url.replace(REGION_IN_URLS, _SOME_REGION)


def _check_url_of_a_region(url: str) -> None:
    if re.match(r"([^/?#]*//)?[^/?#]*@", url):
        raise ValueError(
            "the URL holds a user name or password, which the template would show; take it out, and have a backend "
            "send it: write secret_headers: {Authorization: ...} there"
        )
    key = query_key_with_a_credential(url.partition("?")[2].partition("#")[0])
    if key is not None:
        raise ValueError(
            f"the URL holds the value of {shown(key)}, which the template would show; send it as a header, by "
            "secret_headers of a backend, or write a backend of type lambda, whose function adds it"
        )
    for pattern, message in _REFUSED:
        if re.search(pattern, url):
            raise ValueError(message.format(url=shown(url)))
    if re.search("[{}]", _without_variables(url)):
        raise ValueError(
            f"{shown(url)} has braces that hold no variable of its path; write variables such as /scores/{{id}}"
        )
    match = re.fullmatch(_ABSOLUTE, url)
    if not match:
        raise ValueError(
            f"{shown(url)} is not an absolute URL; write one such as https://model.example.com/invocations"
        )
    check_public_host(match[1])
    port = match[2]
    if port:
        _check_port(int(port.removeprefix(":")))


def _without_variables(url: str) -> str:
    """`url` without the variables that stand where they may: in the path."""
    parts = re.fullmatch(r"((?:[^/?]*//)?[^/?]*)([^?]*)(.*)", url)
    return url if parts is None else parts[1] + re.sub(VARIABLE, "", parts[2]) + parts[3]


def _check_port(port: int) -> None:
    """80, 443 or 1024-65535 (API Gateway developer guide, "HTTP integrations for REST APIs")."""
    if port not in (80, 443) and not 1024 <= port <= 65535:
        raise ValueError(f"API Gateway does not reach port {port}; serve the model on 80, 443 or 1024 to 65535")


def unencrypted(url: str, *, insecure: bool) -> Iterator[Conflict]:
    """A URL without encryption that nobody accepted, or an acceptance that nothing needs."""
    encrypted = url.startswith("https:")
    if not encrypted and not insecure:
        message = f"{shown(url)} is not encrypted; write https://, or accept that with insecure: true"
        yield Conflict(message, ("url",))
    if encrypted and insecure:
        yield Conflict("true has no effect on an https:// url; leave the line out", ("insecure",))


def unsigned(url: str, *, authorized: bool) -> Iterator[Conflict]:
    """A URL of Bedrock without one of its API keys: `authorized` by a secret of the gateway."""
    host = re.match(r"https?://([^/:?]+)", _of_some_region(url))
    try:
        check_signature(host[1] if host else "", authorized=authorized)
    except ValueError as error:
        yield Conflict(str(error).replace(_SOME_REGION, REGION_IN_URLS), ("url",))


Url = Annotated[StrictStr, AfterValidator(_check_url), Field(json_schema_extra={"pattern": f"^{URL_PATTERN}$"})]
Path = Annotated[StrictStr, AfterValidator(check_path), Field(json_schema_extra={"pattern": f"^{PATH}$"})]
LiteralPath = Annotated[
    StrictStr,
    Matching(rf"(?!.*\{{){PATH}", "a path", "letters, digits and . _ : $ - after each slash, such as /health"),
]
Methods = Annotated[tuple[HttpMethod, ...], Field(min_length=1), Distinct()]
