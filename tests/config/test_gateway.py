"""The values as Python builds them, without a file."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ml_gateway.config import (
    CacheConfig,
    EdgeConfig,
    GatewayConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestQuota,
    RequestRate,
    ServiceQuotasConfig,
)
from ml_gateway.conflicts import ConfigError
from ml_gateway.design import GatewayDesign, ModelDesign
from ml_gateway.rules import checked
from tests.files import BACKENDS, SMALL, behind, changed

URL = "https://model.example.com/invocations"


def small(**changes: Any) -> GatewayConfig:
    return GatewayConfig(**{**SMALL, **changes})


def test_what_a_small_gateway_leaves_out_has_the_documented_defaults() -> None:
    assert small() == GatewayConfig(
        name="acme-ml",
        description="API Gateway to proxy requests to ML model endpoint.",
        account=None,
        regions=("us-east-1",),
        stage="v1",
        backends={},
        models={
            "predict": ModelConfig(
                url=URL,
                backend=None,
                path=None,
                protocol="raw",
                methods=None,
                backend_method=None,
                stream=None,
                timeout=None,
                insecure=False,
            )
        },
        plans={"default": PlanConfig(rate=RequestRate(2), burst=10, quota=None, offset=0, limits={})},
        clients={},
        service_quotas=ServiceQuotasConfig(
            api_resources=300,
            integration_timeout=timedelta(seconds=29),
            response_timeout=timedelta(seconds=120),
            vpc_links=10,
        ),
        origin_lock=OriginLockConfig(generation=1),
        logs=LogsConfig(retention=timedelta(days=90), account_role="existing"),
        edge=EdgeConfig(cache=None, response_timeout=None, accept_keys=None),
        errors=None,
        tags={},
    )


def test_the_region_is_the_one_of_the_list() -> None:
    assert list(GatewayDesign.of(small(regions=["eu-west-1"])).regions) == ["eu-west-1"]


def test_a_model_is_found_at_its_path_or_else_at_its_name() -> None:
    assert ModelDesign.of("predict", ModelConfig(url=URL), {}).served.path == "/predict"
    assert ModelDesign.of("predict", ModelConfig(url=URL, path="/fraud/v2"), {}).served.path == "/fraud/v2"


@pytest.mark.parametrize(
    ("written", "built"),
    [
        (PlanConfig(rate="2/s", burst=10), PlanConfig(rate=RequestRate(2), burst=10)),
        (
            PlanConfig(rate="2/s", burst=1, quota="7/week"),
            PlanConfig(rate="2/s", burst=1, quota=RequestQuota(7, "week")),
        ),
        (ModelConfig(url=URL, timeout="500ms"), ModelConfig(url=URL, timeout=timedelta(milliseconds=500))),
        (LogsConfig(retention="30d"), LogsConfig(retention=timedelta(days=30))),
        (CacheConfig(default="0s", max="1d"), CacheConfig(default=timedelta(0), max=timedelta(days=1))),
    ],
)
def test_quantities_are_given_as_text_or_as_objects(written: BaseModel, built: BaseModel) -> None:
    assert written == built


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        (PlanConfig, {"rate": 2, "burst": 10}),
        (PlanConfig, {"rate": 2.0, "burst": 10}),
        (PlanConfig, {"rate": True, "burst": 10}),
        (PlanConfig, {"rate": {"per_second": 2}, "burst": 10}),
        (PlanConfig, {"rate": "2/s", "burst": 10, "quota": 1000}),
        (ModelConfig, {"url": URL, "timeout": 29}),
        (LogsConfig, {"retention": 90}),
        (CacheConfig, {"default": 0, "max": 60}),
    ],
)
def test_a_number_without_its_unit_is_never_enough(model: type[BaseModel], settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"has no unit|is not a quantity"):
        model(**settings)


def problems(error: ValidationError) -> list[str]:
    """As a file would have them: the place and what is wrong there."""
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()]


@pytest.mark.parametrize(
    ("model", "settings", "problem"),
    [
        (PlanConfig, {"rate": "2/s", "burst": "10"}, "burst: Input should be a valid integer"),
        (PlanConfig, {"rate": "2/s", "burst": 10.0}, "burst: Input should be a valid integer"),
        (PlanConfig, {"rate": "2/s", "burst": True}, "burst: Input should be a valid integer"),
        (OriginLockConfig, {"generation": True}, "generation: Input should be a valid integer"),
        (ModelConfig, {"url": URL, "insecure": 1}, "insecure: Input should be a valid boolean"),
        (ModelConfig, {"url": URL, "methods": "POST"}, "methods: Input should be a valid tuple"),
        (ModelConfig, {"url": URL.encode()}, "url: Input should be a valid string"),
        (GatewayConfig, {**SMALL, "stage": 1}, "stage: Input should be a valid string"),
        (GatewayConfig, {**SMALL, "account": True}, "account: Input should be a valid string"),
        (GatewayConfig, {**SMALL, "account": 123456789012.0}, "account: Input should be a valid string"),
        (GatewayConfig, {**SMALL, "tags": {"team": 1}}, "tags.team: Input should be a valid string"),
    ],
)
def test_a_value_of_another_type_is_never_converted(
    model: type[BaseModel], settings: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        model(**settings)
    assert problems(raised.value) == [problem]


def test_an_account_may_be_a_number_and_becomes_text() -> None:
    assert small(account=123456789012).account == "123456789012"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"models.predict.insecure": True}, "models.predict.insecure: true has no effect on an https:// url"),
        ({"models.predict.url": "http://model.example.com"}, "models.predict.url: 'http://model.example.com' is not"),
        ({"plans.default.offset": 1}, "plans.default.offset: an offset of 1 needs a quota"),
        ({"edge.cache": {"default": "2h", "max": "1h"}}, "edge.cache.default: 2h is longer than max"),
        ({"regions": {"us-east-1": {"alarm_region": "us-east-1"}}}, "regions.us-east-1.alarm_region: 'us-east-1' is"),
        ({"models.predict.backend": "b"}, "models.predict.backend: 'b' stands beside a url"),
        ({"models.predict": {}}, "models.predict.url: missing"),
        ({"models.predict": {"backend": "b"}}, "models.predict.backend: 'b' is not a backend"),
    ],
)
def test_rules_of_a_section_hold_in_python_too(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as raised:
        GatewayConfig(**changed(changes))
    (found,) = problems(raised.value)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"plans.other": {"rate": "1/s", "burst": 1}}, "plans: 2 plans are given"),
        ({"models.ping": {"url": URL}}, "models.ping.path: '/ping' is reserved by API Gateway"),
        ({"models.other": {"url": URL, "path": "/predict"}}, "models.other.path: '/predict' is a path of model"),
        ({"models.Other": {"url": URL}}, "models.Other: 'Other' is not a name"),
        ({"models.predict.protocol": "sagemaker"}, "models.predict.protocol: sagemaker needs a backend"),
        ({"models.predict.timeout": "30s"}, "models.predict.timeout: 30s is longer than the 29s"),
        ({"backends": {"b": BACKENDS["http"]}}, "backends.b: serves no model"),
    ],
)
def test_rules_between_sections_hold_in_python_too(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        checked(GatewayConfig(**changed(changes)))
    (found,) = str(raised.value).splitlines()
    assert found.startswith(problem)


def test_a_gateway_cannot_be_changed() -> None:
    config = small(tags={"team": "fraud"})
    with pytest.raises(ValidationError, match="frozen"):
        config.name = "other"  # type: ignore[misc]  # the assignment that must fail
    for section in (config.models, config.plans, config.tags, config.backends, config.clients, small().tags):
        with pytest.raises(TypeError, match="does not support item assignment"):
            section["predict"] = None  # type: ignore[index]  # the assignment that must fail


def test_an_unknown_setting_is_refused_in_python() -> None:
    with pytest.raises(ValidationError, match="metods"):
        ModelConfig(url=URL, metods=["GET"])  # type: ignore[call-arg]  # the mistake that must be refused


def test_what_is_dumped_can_be_validated_again() -> None:
    small_one = small(edge={"cache": {"default": "1h", "max": "24h"}}, tags={"team": "fraud"})
    other = {"protocol": "tfserving", "timeout": "1m"}
    for config in (
        small_one,
        *(GatewayConfig(**behind(kind)) for kind in BACKENDS),
        small(models={"a": {"url": URL, **other}}),
    ):
        assert GatewayConfig.model_validate(config.model_dump()) == config
        assert GatewayConfig.model_validate_json(config.model_dump_json()) == config


def test_a_refusal_in_python_does_not_show_the_credentials_of_a_url() -> None:
    with pytest.raises(ValidationError) as refusal:
        ModelConfig(url="https://user:sesame@model.example.com/")
    assert "user name or password" in str(refusal.value)
    assert "sesame" not in str(refusal.value)
