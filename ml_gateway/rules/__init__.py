"""What contradicts or exceeds: every rule between the sections of a gateway, in one list.

A rule is a function of what the file says and what it means. It declares what it reads, and is silent about what rests
on a value that was refused: by pydantic, or by a rule before it in the list.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError, Conflict, Place, Written, problem_of
from ml_gateway.design import GatewayDesign
from ml_gateway.rules import (
    alerts,
    backends,
    caches,
    clients,
    edge,
    encryption,
    identities,
    names,
    overlap,
    paths,
    places,
    quotas,
    regions,
    rollouts,
    timeouts,
    variables,
)
from ml_gateway.rules.rule import Rule

__all__ = ["RULES", "Rule", "checked", "conflicts_of"]

RULES: Final[tuple[Rule, ...]] = (
    names.misnamed_entries,
    names.unknown_plans,
    identities.unknown_issuers,
    identities.unknown_models,
    rollouts.misnamed_versions,
    rollouts.settings_without_versions,
    rollouts.settings_that_each_version_says,
    rollouts.splits_of_other_versions,
    rollouts.shares_that_are_not_all,
    rollouts.headers_that_choose_already,
    rollouts.clients_that_nobody_tells_apart,
    rollouts.rollbacks_that_cannot_be,
    regions.regions_without_a_name,
    regions.no_region_that_answers,
    regions.plans_that_do_not_say_what_regions_share,
    regions.plans_too_small_to_be_split,
    places.backends_of_another_region,
    places.backends_of_one_region_alone,
    places.arns_of_another_account,
    encryption.kms_keys_of_other_regions,
    backends.unused_backends,
    backends.protocols_that_a_backend_does_not_speak,
    backends.methods_that_sagemaker_does_not_take,
    backends.streams_of_sagemaker,
    rollouts.settings_of_another_backend,
    backends.backend_methods_without_effect,
    backends.urls_that_are_no_base_url,
    backends.urls_that_a_protocol_cannot_follow,
    backends.variables_that_a_path_does_not_have,
    variables.variables_that_no_path_has,
    variables.variables_in_a_longer_text,
    variables.variables_that_lead_nowhere,
    timeouts.timeouts_that_sagemaker_does_not_wait,
    timeouts.timeouts_that_no_hop_waits,
    timeouts.impatient_edge,
    timeouts.too_patient_edge,
    paths.unservable_paths,
    rollouts.paths_like_those_of_versions,
    rollouts.requests_of_a_model_beside_versions,
    quotas.too_many_resources_of_the_api,
    quotas.too_many_vpc_links,
    quotas.too_many_plans,
    clients.no_plan,
    clients.plans_without_clients,
    clients.too_many_method_throttles,
    clients.idle_rates,
    clients.idle_bursts,
    names.limits_of_unknown_models,  # after the two: what is idle is so under any name
    identities.uncallable_models,
    identities.limits_of_uncallable_models,
    identities.unused_issuers,
    identities.issuers_listed_twice,
    identities.tokens_of_two_clients,
    identities.tokens_that_nothing_takes,
    identities.calls_of_another_model,
    identities.too_long_resources,
    identities.headers_that_name_clients,
    identities.settings_of_no_authorizer,
    clients.settings_for_keys_that_nobody_sends,
    clients.cache_keys_without_room_for_a_key,
    caches.cached_streams,
    caches.pointless_caches,
    caches.caches_of_what_is_never_kept,
    caches.too_long_path_patterns,
    caches.too_many_behaviors,
    caches.too_many_cache_policies,
    overlap.requests_of_another_model,
    overlap.idle_caches,
    caches.shared_errors,
    edge.routes_behind_the_health_check,
    rollouts.functions_without_room_for_versions,
    alerts.too_many_metric_filters,
    alerts.too_many_widgets,
    alerts.too_long_filter_patterns,
    alerts.unreachable_latency,
)


def conflicts_of(said: GatewayConfig, meant: GatewayDesign, *, refused: Collection[Place] = ()) -> list[Conflict]:
    """All that is wrong between settings, as far as it does not rest on a place that was `refused`."""
    conflicts: list[Conflict] = []
    for rule in RULES:
        conflicts += rule.conflicts(said, meant, refused=refused, disputed=set(_disputed(said, conflicts)))
    return conflicts


def _disputed(said: GatewayConfig, conflicts: Iterable[Conflict]) -> Iterator[Place]:
    """The settings that will change because of these conflicts.

    Where a section as a whole is too large, or an entry has a wrong name, what stands in it is as it is: only the path
    of a model that does not say it follows from the name.
    """
    for conflict in conflicts:
        match conflict.at:
            case ("models", str(name)) if said.models[name].path is None:
                yield "models", name, "path"
            case (_, _, *_):
                yield conflict.at


def checked(config: GatewayConfig, *, written: Written | None = None) -> GatewayDesign:
    """What `config` means. Raises ConfigError with all that is wrong; `written` is where it was read from."""
    design = GatewayDesign.of(config)
    conflicts = conflicts_of(config, design)
    if conflicts:
        raise ConfigError(problem_of(conflict, written) for conflict in conflicts)
    return design
