"""What the URL of a model's HTTP server may look like."""

import re
from typing import Final

from ml_gateway.config.wording import shown

_NAME: Final = r"[A-Za-z0-9_-]+"
_CHARACTERS: Final = r"A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-"

URL_PATTERN: Final = rf"https?://{_NAME}(\.{_NAME})*(:[0-9]{{1,5}})?([/?][{_CHARACTERS}]*)?"

_REFUSED: Final = (
    (r"[{}]", "{url} has a path parameter, which models cannot have yet; write the path out"),
    (r"#", "{url} has a fragment, which no server receives; take out # and what follows"),
    (rf"[^{_CHARACTERS}]", "{url} has characters that a URL cannot have (RFC 3986); write them %-encoded"),
)


def check_url(url: str) -> str:
    """An absolute http or https URL with a host, on a port that API Gateway's HTTP integrations reach.

    A query string is allowed. A user name or password is not: it would stand in the template in clear; no message
    repeats it.
    """
    if re.match(r"([^/?#]*//)?[^/?#]*@", url):
        raise ValueError("the URL holds a user name or password, which the template would show; take it out")
    for pattern, message in _REFUSED:
        if re.search(pattern, url):
            raise ValueError(message.format(url=shown(url)))
    match = re.fullmatch(URL_PATTERN, url)
    if not match:
        raise ValueError(
            f"{shown(url)} is not an absolute URL; write one such as https://model.example.com/invocations"
        )
    port = match[2]
    if port:
        _check_port(int(port.removeprefix(":")))
    return url


def _check_port(port: int) -> None:
    """80, 443 or 1024-65535 (API Gateway developer guide, "HTTP integrations for REST APIs")."""
    if port not in (80, 443) and not 1024 <= port <= 65535:
        raise ValueError(f"API Gateway does not reach port {port}; serve the model on 80, 443 or 1024 to 65535")
