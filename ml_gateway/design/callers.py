"""Who may call. The lock of the API, HTTPS, the cache key and the forms of keys all follow from it."""

from dataclasses import dataclass

from ml_gateway.config import EdgeConfig
from ml_gateway.config.refusals import refuse_setting
from ml_gateway.credentials import USUAL_KEY_FORMS, KeyForm


@dataclass(frozen=True, slots=True)
class Open:
    """Whoever knows the address may call: the only key is the distribution's own."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """Clients, each with keys of its own, which they send in one of the `key_forms`.

    `x-api-key` is one of them in any case: API Gateway itself reads it.
    """

    key_forms: tuple[KeyForm, ...] = USUAL_KEY_FORMS

    def __post_init__(self) -> None:
        refuse_setting(EdgeConfig, "accept_keys", self.key_forms, of="Keyed.key_forms")


@dataclass(frozen=True, slots=True)
class Identified(Keyed):
    """Clients whom an authorizer tells apart, by their keys or by tokens of the `issuers`: URLs, to the letter.

    All that holds for `Keyed` holds for them. A token comes where a key may come, in one of the `key_forms`.
    """

    issuers: tuple[str, ...] = ()


Callers = Open | Keyed | Identified
