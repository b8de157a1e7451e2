"""Questions about a gateway in two regions behind one name."""

import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from socket import create_connection
from typing import Any, Final
from urllib.parse import urlsplit

from demo.regions import put_metric_data
from live.gateway import Asked, Gateway, outputs
from live.observations.seen import Seen, compared, distinct
from ml_gateway import naming
from ml_gateway.design import GatewayDesign

SECONDS_FOR_A_DRAIN: Final = 600
"""Until the health check has the metric, and the name is asked for once more."""
PAUSES_OF_A_DRAIN: Final = 6
"""A minute on an account."""
SECONDS_FOR_A_HANDSHAKE: Final = 30


def replicas(asked: Asked) -> Seen:
    """The secret of the distribution and the key of a client, as each region has them and as its API takes them."""
    config = asked.regional.config
    names = (naming.origin_secret(config.name, config.origin_lock.generation),
             naming.client_secret(config.name, "reader", "default"))  # fmt: skip
    alike = all(len({_value(asked, name, region) for region in config.regions}) == 1 for name in names)
    statuses = [_past_the_edge(asked, region) for region in config.regions]
    return compared("the same values; 200", f"{'the same' if alike else 'other'} values; {distinct(statuses)}")


def _value(asked: Asked, secret: str, region: str) -> str:
    return str(asked.place.client("secretsmanager", region).get_secret_value(SecretId=secret)["SecretString"])


def _past_the_edge(asked: Asked, region: str) -> int:
    gateway = asked.regional
    url = outputs(asked.place, naming.api_stack(gateway.name), region)[naming.INVOKE_URL]
    there = replace(gateway, api=asked.place.api(url))
    return there.past_the_edge(gateway.keys["reader"][0]).ask("POST", "/echo").status


def certificates(asked: Asked) -> Seen:
    """Of the name by which CloudFront reaches the APIs: one in each region, and the record that validates both."""
    found = [each for region in asked.regional.config.regions for each in _certificates(asked, region)]
    records = {option["ResourceRecord"]["Name"] for each in found for option in each["DomainValidationOptions"]}
    saw = f"{len(found)} {distinct(each['Status'] for each in found)}, by {len(records)} record"
    return compared("2 ISSUED, by 1 record", saw)


def _certificates(asked: Asked, region: str) -> Iterator[Any]:
    origin = GatewayDesign.of(asked.regional.config).origin
    client = asked.place.client("acm", region)
    for page in client.get_paginator("list_certificates").paginate():
        for each in page["CertificateSummaryList"]:
            if origin and each["DomainName"] == origin.name:
                yield client.describe_certificate(CertificateArn=each["CertificateArn"])["Certificate"]


def drain(asked: Asked) -> Seen:
    """Whichever region answers who asks here is drained, and brought back."""
    first = _answering(asked.regional)
    if first not in asked.regional.config.regions:
        return Seen(held=False, saw=first)
    others = set(asked.regional.config.regions) - {first}
    with _drained(asked, first):
        away = _becomes(asked, others)
        # The two values are to lie in different minutes: docs/regions.md. Less where nobody looks by the minute.
        time.sleep(PAUSES_OF_A_DRAIN * asked.place.pause)
    back = _becomes(asked, {first})
    saw = f"{'the other region' if away else 'still the same'}, then {'the first again' if back else 'still the other'}"
    return compared("the other region, then the first again", saw)


def _answering(gateway: Gateway) -> str:
    """The region that the server behind the model was asked by, or the status."""
    answer = gateway.client("reader").ask("POST", "/echo")
    return str(answer.received.get("path", f"/{answer.status}")).split("/")[1]


def _becomes(asked: Asked, expected: set[str]) -> bool:
    deadline = time.monotonic() + min(SECONDS_FOR_A_DRAIN, asked.place.patience)
    while (answering := _answering(asked.regional)) not in expected and time.monotonic() < deadline:
        time.sleep(asked.place.pause)
    return answering in expected


@contextmanager
def _drained(asked: Asked, region: str) -> Iterator[None]:
    """By the two lines that are outputs of the stack that drains the region."""
    alarms = GatewayDesign.of(asked.regional.config).regions[region].alarm_region
    lines = outputs(asked.place, naming.drain_stack(asked.regional.name, region), alarms or region)
    put_metric_data(asked.place, lines[naming.DRAIN_COMMAND])
    try:
        yield
    finally:
        put_metric_data(asked.place, lines[naming.BRING_BACK_COMMAND])


def viewer_tls(asked: Asked) -> Seen:
    """TLS 1.1 alone, by a client that would speak it, and 1.2."""
    domain = asked.regional.config.edge.domain
    name = domain.name if domain else ""
    spoken = (_handshake(name, version) for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2))
    return compared("1.1 refused by the server, 1.2 taken", "1.1 {}, 1.2 {}".format(*spoken))


def _handshake(host: str, version: ssl.TLSVersion) -> str:
    # Whose certificate it is, other requests ask. And a client of today would refuse by itself, which says nothing.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        # That nobody should speak 1.1 is what is asked about.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    address = urlsplit(f"//{host}")
    try:
        with (
            create_connection((address.hostname, address.port or 443), timeout=SECONDS_FOR_A_HANDSHAKE) as connection,
            context.wrap_socket(connection, server_hostname=address.hostname),
        ):
            return "taken"
    except ssl.SSLError as error:
        return "refused by the server" if "ALERT" in (error.reason or "") else "not spoken"
