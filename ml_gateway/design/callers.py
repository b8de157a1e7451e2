"""Who may call. The lock of the API, HTTPS, the cache key and the forms of keys all follow from it."""

from dataclasses import dataclass

from ml_gateway.credentials import API_KEY_HEADER, USUAL_KEY_FORMS, KeyForm


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
        if API_KEY_HEADER not in self.key_forms:
            raise ValueError(
                f"key_forms {', '.join(self.key_forms) or 'are empty and'} lack {API_KEY_HEADER}, which API Gateway "
                "itself reads; list it, too"
            )


Callers = Open | Keyed
