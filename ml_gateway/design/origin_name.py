"""By which name CloudFront reaches the API, where there is a zone for one."""

from dataclasses import dataclass

from ml_gateway.config import DomainConfig
from ml_gateway.config.refusals import refuse_as_in_the_file


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginName:
    """A name of the gateway's own in front of its APIs, in every region the same. `hosted_zone`, by its id, gets its
    records. Errors: what the file refuses of them."""

    name: str
    hosted_zone: str

    def __post_init__(self) -> None:
        try:
            said = {"origin": self.name, "hosted_zone": self.hosted_zone}
            refuse_as_in_the_file(DomainConfig, said, of="OriginName")
        except ValueError as refusal:
            raise ValueError(str(refusal).replace("OriginName.origin:", "OriginName.name:")) from None

    @classmethod
    def of(cls, domain: DomainConfig | None) -> "OriginName | None":
        """None where no zone is known: then the API is reached at its own address."""
        if domain is None or domain.hosted_zone is None:
            return None
        return cls(name=domain.origin_name, hosted_zone=domain.hosted_zone)
