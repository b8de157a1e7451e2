"""Requests whose headers arrive at CloudFront exactly as a test spells them, and what became of them."""

from http.client import HTTPConnection

from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from ml_gateway.local.http_client import SECONDS_FOR_ONE_ANSWER, Answer

Headers = list[tuple[str, str]]
"""A list, because a header may be repeated."""


def send(gateway: LocalGateway, path: str, headers: Headers) -> Answer:
    """Send exactly these headers, repeated ones and their case included, as over HTTPS."""
    connection = HTTPConnection("127.0.0.1", gateway.cloud.port, timeout=SECONDS_FOR_ONE_ANSWER)
    connection.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
    usual = {**through_cloudfront(gateway.domain_name), "Content-Type": "application/json", "Content-Length": "2"}
    for name, value in [*usual.items(), *headers]:
        connection.putheader(name, value)
    connection.endheaders(b"{}")
    response = connection.getresponse()
    answer = Answer(status=response.status, headers=dict(response.getheaders()), body=response.read())
    connection.close()
    return answer


def received(answer: Answer) -> dict[str, str]:
    """The headers that arrived at the server behind the gateway."""
    assert answer.status == 200, answer.body
    headers: dict[str, str] = answer.json()
    return headers


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["error"]["code"]
