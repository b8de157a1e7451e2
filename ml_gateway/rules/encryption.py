"""Rules between the keys that encrypt and the regions in which a gateway keeps something."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.naming import EDGE_REGION
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown


@reads("regions")
def kms_keys_of_other_regions(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """A region without a key, or else a key without a use: no service takes a key of another region, and a replica of a
    secret that should fails without a word (aws-cloudformation/cloudformation-coverage-roadmap#1459)."""
    if not meant.kms_keys:
        return
    needed = dict.fromkeys((EDGE_REGION, *meant.regions))
    if missing := [region for region in needed if region not in meant.kms_keys]:
        written = ", ".join(f"{region}: {meant.kms_keys.get(region, '<ARN>')}" for region in needed)
        message = (
            f"{shown(next(iter(meant.kms_keys.values())))} is given, and no key of {' and '.join(missing)}; the "
            f"gateway keeps secrets and logs in {' and '.join(needed)}, so write {{{written}}}"
        )
        yield Conflict(message, ("encryption", "kms_key"))
        return
    for region in meant.kms_keys.keys() - needed.keys():
        message = f"{shown(meant.kms_keys[region])} is in {region}, where this gateway keeps nothing; leave it out"
        yield Conflict(message, ("encryption", "kms_key"))
