"""The types of URLs of HTTP servers, and of the paths and methods by which callers find a model."""

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.lists import Distinct
from ml_gateway.conflicts import Conflict
from ml_gateway.serving.paths import PATH, VARIABLE, variables_of
from ml_gateway.wording import shown

_NAME: Final = r"[A-Za-z0-9_-]+"
_IN_PATH: Final = r"A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-"
_IN_QUERY: Final = rf"?{_IN_PATH}"

URL_PATTERN: Final = rf"https?://{_NAME}(\.{_NAME})*(:[0-9]{{1,5}})?(/([{_IN_PATH}]|{VARIABLE})*)?(\?[{_IN_QUERY}]*)?"

_REFUSED: Final = (
    (r"^(?!https?://)(?i:https?)://", "{url} has capitals in its scheme; write the scheme in lower case"),
    (
        r"^https?://[^/?#]*[^/?#\x00-\x7f]",
        "{url} has a host with characters beyond ASCII; write it in punycode, such as xn--bcher-kva.example.com for "
        "bücher.example.com",
    ),
    (r"#", "{url} has a fragment, which no server receives; take out # and what follows"),
    (rf"[^{_IN_QUERY}{{}}]", "{url} has characters that a URL cannot have (RFC 3986); write them %-encoded"),
)


def _check_url(url: str) -> str:
    """An absolute http or https URL with a host, on a port that API Gateway's HTTP integrations reach.

    A query string is allowed, and variables such as `{id}` in the path. A user name or password is not: it would
    stand in the template in clear; no message repeats it.
    """
    if re.match(r"([^/?#]*//)?[^/?#]*@", url):
        raise ValueError("the URL holds a user name or password, which the template would show; take it out")
    for pattern, message in _REFUSED:
        if re.search(pattern, url):
            raise ValueError(message.format(url=shown(url)))
    if re.search("[{}]", _without_variables(url)):
        raise ValueError(
            f"{shown(url)} has braces that hold no variable of its path; write variables such as /scores/{{id}}"
        )
    match = re.fullmatch(URL_PATTERN, url)
    if not match:
        raise ValueError(
            f"{shown(url)} is not an absolute URL; write one such as https://model.example.com/invocations"
        )
    port = match[2]
    if port:
        _check_port(int(port.removeprefix(":")))
    return url


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


def _check_variables(path: str) -> str:
    """A path in which no variable stands twice: API Gateway could not tell them apart."""
    names = variables_of(path)
    for position, name in enumerate(names):
        if name in names[:position]:
            raise ValueError(f"{shown(path)} has the variable {{{name}}} twice; rename one")
    return path


Url = Annotated[StrictStr, AfterValidator(_check_url), Field(json_schema_extra={"pattern": f"^{URL_PATTERN}$"})]
Path = Annotated[
    StrictStr,
    Matching(
        PATH,
        "a path",
        "letters, digits and . _ : $ - or a variable after each slash, no slash at the end, such as /fraud/{id}",
    ),
    AfterValidator(_check_variables),
]
LiteralPath = Annotated[
    StrictStr,
    Matching(rf"(?!.*\{{){PATH}", "a path", "letters, digits and . _ : $ - after each slash, such as /health"),
]
HttpMethod = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Methods = Annotated[tuple[HttpMethod, ...], Field(min_length=1), Distinct()]
