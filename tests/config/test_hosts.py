"""What the http backend refuses because API Gateway can never call it, and the kind of backend that can."""

from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway import HttpBackend
from ml_gateway.config.types.hosts import check_public_host
from tests.files import behind, changed, report_on_data

BALANCER = "write a backend of type load_balancer, which API Gateway reaches through a VPC link"
FUNCTION = "write a backend of type lambda with the name of the function"
ENDPOINT = "write a backend of type sagemaker with the name of the endpoint"
CALLER = "write a backend of type lambda, whose function calls it"
VERSION = "a1b2c3d4-5678-90ab-cdef-0123456789ab"

ADDRESSES = (
    # private, loopback, link-local (with EC2's metadata), shared, documentation, benchmarks, multicast, reserved
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.1.2.3", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "0.0.0.0",
    # the same in the other spellings that resolvers take
    "2130706433", "0x7f000001", "0x7f.1", "127.1", "10.1", "0177.0.0.1", "0", "0xA9FEA9FE",
    "[::1]", "[fe80::1]", "[fd00:ec2::254]", "[fc00::1]", "[2001:db8::1]", "[ff02::1]", "[::]", "[::ffff:10.0.0.1]",
    "[::ffff:7f00:1]", "[2002:0a00:0001::]",
)  # fmt: skip
NAMES = (
    "localhost", "model", "llama", "MODEL", "a_b", "model.localhost", "llama.internal", "ip-10-0-0-1.ec2.internal",
    "model.local", "llama.default.svc.cluster.local", "printer.lan", "nas.home.arpa", "x.home", "x.corp", "x.intranet",
    "x.private", "x.localdomain", "model.test", "model.example", "model.invalid", "x.onion", "x.alt", "Model.INTERNAL",
)  # fmt: skip
PRIVATE_NAMES = (
    "internal-llm-1234567890.us-east-1.elb.amazonaws.com",
    "vpce-0a1b.runtime.sagemaker.us-east-1.vpce.amazonaws.com",
    "vpce-0a1b-x.execute-api.eu-west-1.vpce.amazonaws.com",
)
IMPOSSIBLE = ("256.1.1.1", "1.2.3.4.5", "08.1.1.1", "example.123", "a.0x1g.7", "1.2.3.0x100")
NO_NAMES = ("-a.example.com", "a-.example.com", f"{'a' * 64}.example.com", ".".join(["abcdefgh"] * 29))
APIS = {
    "runtime.sagemaker.us-east-1.amazonaws.com": ENDPOINT,
    "runtime-fips.sagemaker.us-east-1.amazonaws.com": ENDPOINT,
    "runtime.SageMaker.eu-central-1.AmazonAWS.com": ENDPOINT,
    "api.sagemaker.us-east-1.amazonaws.com": ENDPOINT,
    "abc123.lambda-url.us-east-1.on.aws": FUNCTION,
    "lambda.us-east-1.amazonaws.com": FUNCTION,
    "lambda-fips.us-west-2.amazonaws.com": FUNCTION,
    "lambda.eu-west-1.api.aws": FUNCTION,
    **dict.fromkeys(
        (
            "comprehend.us-east-1.amazonaws.com", "rekognition.eu-west-1.amazonaws.com", "sqs.us-east-1.amazonaws.com",
            "polly.ap-southeast-2.amazonaws.com", "runtime.lex.us-east-1.amazonaws.com", "sts.amazonaws.com",
            "states.us-east-1.amazonaws.com",
        ),
        CALLER,
    ),
}  # fmt: skip
BEDROCK = ("bedrock-runtime.us-east-1.amazonaws.com", "bedrock-runtime-fips.us-east-1.amazonaws.com",
           "bedrock-mantle.us-east-1.api.aws", "bedrock.us-east-1.amazonaws.com")  # fmt: skip
CALLABLE = (
    "model.example.com", "MODEL.example.com", "a_b.example.com", "8.8.8.8", "100.128.0.1", "xn--bcher-kva.de",
    "internal.example.com", "local.example.com", "10.0.0.1.example.com", "test.acme.io", "api.groq.com",
    "abc123.execute-api.us-east-1.amazonaws.com", "llm-123.us-east-1.elb.amazonaws.com",
    "llm-123.elb.us-east-1.amazonaws.com", "ec2-8-8-8-8.eu-west-1.compute.amazonaws.com",
    "ec2-8-8-8-8.compute-1.amazonaws.com", "bucket.s3.us-east-1.amazonaws.com", "s3.amazonaws.com",
    "abc.us-east-1.awsapprunner.com", "d111111abcdef8.cloudfront.net", "svc.ecs.us-east-1.on.aws",
    "lambda.example.com", "runtime.sagemaker.example.com",
)  # fmt: skip


def url_of(host: str) -> str:
    return f"https://{host}:8443/score"


def refused(host: str, tmp_path: Path) -> str:
    """What is said of a host, in the three places where a URL stands."""
    (line,) = report_on_data(changed({"models.predict.url": url_of(host)}), tmp_path)
    assert report_on_data(behind("http", url=url_of(host)), tmp_path) == [
        line.replace("models.predict.url", "backends.b.url")
    ]
    with pytest.raises(ValueError, match=r"HttpBackend\.url: ") as refusal:
        HttpBackend(url=url_of(host))
    message = line.removeprefix("models.predict.url: ")
    assert str(refusal.value) == f"HttpBackend.url: {message}"
    return message


@pytest.mark.parametrize("host", ADDRESSES)
def test_an_address_that_is_not_public_is_refused_in_any_spelling(tmp_path: Path, host: str) -> None:
    message = refused(host, tmp_path)
    assert "is an address that nobody reaches over the internet" in message
    assert message.endswith(BALANCER)


@pytest.mark.parametrize("host", [*NAMES, *PRIVATE_NAMES])
def test_a_name_that_is_not_public_is_refused(tmp_path: Path, host: str) -> None:
    message = refused(host, tmp_path)
    assert message.startswith(f"{host.lower()!r} ")
    assert message.endswith(BALANCER)


@pytest.mark.parametrize("host", IMPOSSIBLE)
def test_an_address_that_cannot_be_is_refused(tmp_path: Path, host: str) -> None:
    assert refused(host, tmp_path) == f"{host!r} is no address; write four numbers up to 255, or the name of a host"


@pytest.mark.parametrize("host", NO_NAMES)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, host: str) -> None:
    assert "is no name of a host; write parts of up to 63 letters" in refused(host, tmp_path)


def test_a_public_address_in_another_spelling_is_told_as_what_it_is(tmp_path: Path) -> None:
    assert refused("0x08080808", tmp_path) == "'0x08080808' is another spelling of 8.8.8.8; write that"


def test_a_public_address_of_ipv6_is_refused_as_nobody_documents_it(tmp_path: Path) -> None:
    assert refused("[2606:4700::1111]", tmp_path) == (
        "'2606:4700::1111' is an address of IPv6, which API Gateway is not documented to call; write a host's name"
    )


@pytest.mark.parametrize(("host", "way_out"), APIS.items(), ids=list(APIS))
def test_an_api_of_aws_that_wants_a_signature_is_refused_with_what_signs(
    tmp_path: Path, host: str, way_out: str
) -> None:
    message = refused(host, tmp_path)
    assert "signature" in message or "signed" in message
    assert message.endswith(way_out)


@pytest.mark.parametrize("host", BEDROCK)
def test_bedrock_is_refused_without_an_api_key_of_its_own(tmp_path: Path, host: str) -> None:
    assert refused(host, tmp_path).endswith(
        "; write a backend with an API key of Bedrock as bearer, or one of type lambda, whose function signs"
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"bearer": {"secret": "bedrock/key", "version": VERSION}},
        {"secret_headers": {"authorization": {"secret": "bedrock/key", "version": VERSION}}},
    ],
)
def test_bedrock_is_called_with_an_api_key_of_its_own(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(behind("http", url=url_of(BEDROCK[0]), **settings), tmp_path) == []


@pytest.mark.parametrize("host", CALLABLE)
def test_a_host_on_the_internet_is_taken(tmp_path: Path, host: str) -> None:
    assert report_on_data(changed({"models.predict.url": url_of(host)}), tmp_path) == []
    assert HttpBackend(url=url_of(host)).url == url_of(host)


@pytest.mark.parametrize("host", ["llama.internal", "10.0.0.1.internal", "model"])
def test_behind_a_load_balancer_names_are_those_of_the_network(tmp_path: Path, host: str) -> None:
    assert report_on_data(behind("load_balancer", host=host), tmp_path) == []


@given(st.ip_addresses(v=4))
def test_an_address_is_taken_exactly_if_it_is_public(address: IPv4Address) -> None:
    public = address.is_global and not address.is_multicast
    for spelling in (str(address), str(int(address)), hex(int(address))):
        taken = True
        try:
            check_public_host(spelling)
        except ValueError:
            taken = False
        assert taken == (public and spelling == str(ip_address(address))), spelling


@given(st.text("abx019.-_[]:", max_size=20))
def test_any_text_is_a_host_or_refused(text: str) -> None:
    refusal = ""
    try:
        check_public_host(text)
    except ValueError as error:
        refusal = str(error)
    assert not refusal or "; write" in refusal or refusal.endswith(BALANCER)
