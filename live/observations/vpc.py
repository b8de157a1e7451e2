"""Questions about what is behind a VPC link: a load balancer that says by itself which path it saw."""

from typing import Final, cast

from live.caller import Answer
from live.gateway import Asked
from live.observations.seen import Seen, compared, distinct
from live.place import DELETING
from live.plan import STAGE_IN_FRONT, STAGE_NOT_IN_FRONT
from ml_gateway.config import LoadBalancerBackendConfig

SOMETHING_ELSE: Final = "something else"


def vpc_link(asked: Asked) -> Seen:
    return _from_the_load_balancer(asked, "/probe")


def vpc_link_path(asked: Asked) -> Seen:
    said = _said(asked.open.edge.ask("GET", "/probe"))
    if said == SOMETHING_ELSE:
        raise ValueError("no load balancer answered, so nothing is known of the path that it sees")
    return compared(STAGE_IN_FRONT, said)


def vpc_link_stream(asked: Asked) -> Seen:
    """That it is deployed is a part of the answer: the import might refuse the two together."""
    return _from_the_load_balancer(asked, "/probe-stream")


def _from_the_load_balancer(asked: Asked, path: str) -> Seen:
    answer = asked.open.edge.ask("GET", path)
    said = SOMETHING_ELSE if _said(answer) == SOMETHING_ELSE else "what the load balancer says"
    return compared("200 and what the load balancer says", f"{answer.status} and {said}")


def _said(answer: Answer) -> str:
    text = answer.body.decode(errors="replace")
    return text if text in (STAGE_IN_FRONT, STAGE_NOT_IN_FRONT) else SOMETHING_ELSE


def vpc_link_replaced(asked: Asked) -> Seen:
    """The second deploy has left a subnet out of it. Of those who asked meanwhile, and who ask now; and of what there
    is in the other subnet: a link that is being deleted does not count."""
    now = asked.open.edge.ask("GET", "/probe").status
    subnets = set(cast(LoadBalancerBackendConfig, asked.open.config.backends["balancer"]).subnets)
    links = [set(each["SubnetIds"]) for each in asked.place.vpc_links() if each["VpcLinkStatus"] != DELETING]
    there = [each for each in links if each & subnets]
    new = "with" if subnets in there else "without"
    saw = f"{distinct(asked.meanwhile['/probe'])} meanwhile, {now} now; links there: {len(there)}, {new} the new one"
    return compared("200 meanwhile, 200 now; links there: 1, with the new one", saw)
