"""Versions of a model side by side, as the file describes them: what serves each, and what rolls one back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from pydantic import ConfigDict, Field, StrictBool, StrictStr

from ml_gateway.config.section import Choice, Section, between
from ml_gateway.config.types.aws import EndpointName, TargetModel
from ml_gateway.config.types.durations import Timeout
from ml_gateway.config.types.names import ServedAs
from ml_gateway.config.types.rates import ErrorShare
from ml_gateway.config.types.rollouts import FewestRequests, RollbackWindow
from ml_gateway.config.types.urls import Url, unencrypted, unsigned
from ml_gateway.conflicts import Conflict


class VersionConfig(Section):
    """What serves one version of a model. Path, protocol, methods and all else are the model's."""

    choices: ClassVar = (
        Choice(
            settings=("url", "backend"),
            missing="write url: 'https://model.example.com/invocations', or backend with the name of one",
            both="{value} stands beside a url; write backend or url, not both",
        ),
    )

    url: Url | None = Field(default=None, examples=["https://model.example.com/invocations"])
    """Where this version answers, as the model's url would say it."""

    backend: StrictStr | None = Field(default=None, examples=["fraud-sm"])
    """The name of the backend that serves this version."""

    target_variant: EndpointName | None = Field(default=None, examples=["challenger"])
    """The production variant of a SageMaker endpoint. Default: as the backend says."""

    inference_component: EndpointName | None = Field(default=None, examples=["fraud-v2"])
    """The inference component of a SageMaker endpoint. Default: as the backend says."""

    target_model: TargetModel | None = Field(default=None, examples=["fraud-v2.tar.gz"])
    """The model of a multi-model endpoint of SageMaker. Default: as the backend says."""

    served_as: ServedAs | None = Field(default=None, examples=["fraud_v2"])
    """What its server calls this version, in the paths that it is asked at. Callers do not see it. Default: what the
    model's own served_as says."""

    timeout: Timeout | None = Field(default=None, examples=["10s"])
    """How long API Gateway waits for this version. Default: what the model says."""

    insecure: StrictBool = Field(default=False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to this version unencrypted."""

    @between("url", "insecure")
    def _unencrypted_is_accepted(self) -> Iterator[Conflict]:
        if self.url is not None:
            yield from unencrypted(self.url, insecure=self.insecure)
        elif self.insecure:
            message = "true has no effect beside backend, which says itself what is accepted; leave the line out"
            yield Conflict(message, ("insecure",))

    @between("url")
    def _unsigned_is_accepted(self) -> Iterator[Conflict]:
        if self.url is not None:
            yield from unsigned(self.url, authorized=False)


class RollbackConfig(Section):
    """When a version fails, its callers get another one within minutes, in every region. Nothing brings it back by
    itself: docs/rollouts.md."""

    model_config = ConfigDict(serialize_by_alias=True)

    to: StrictStr = Field(examples=["v1"])
    """The version that gets the callers of each other one that fails."""

    errors: ErrorShare = Field(examples=["2%"])
    """The share of 5xx answers of a version above which it fails, in one region."""

    window: RollbackWindow = Field(default=timedelta(minutes=5), alias="for", examples=["5m"])
    """Over how long answers are counted: whole minutes from 1m to 1h."""

    least: FewestRequests = Field(default=50, examples=[50])
    """Requests within that time below which nothing is said of a version."""
