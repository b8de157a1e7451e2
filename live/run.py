"""A run: deploy, ask, deploy once more, ask again, destroy."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from live.caller import NoAnswerError
from live.destroy import Left, destroy, stacks_of
from live.gateway import Asked, Gateway, find_gateway, outputs
from live.observations import FIRST, THEN
from live.observations.seen import Observe
from live.place import DeployError, Place, RefusalError
from live.plan import Beside, bearer_secret, gateway_names, line_to_destroy, network_stack, new_word, write_files
from live.questions import questions
from live.report import Answer, Verdict
from ml_gateway.local.processes import interruptions_held

Step = Callable[[str], AbstractContextManager[None]]
PACE: Final = 0.5
"""Seconds from one request to the next while the second deploy goes on."""
BEARER: Final = "opens-nothing-and-is-what-a-provider-would-be-sent"


@dataclass(kw_only=True)
class Run:
    """What a run has found so far, and `known`: what no report may have."""

    place: Place
    name: str
    step: Step
    answers: dict[str, Answer]
    known: set[str]

    def ask(self, observations: Mapping[str, Observe], asked: Asked) -> None:
        """Each question by itself: one that throws is not asked, and ends nothing else."""
        for question, observe in observations.items():
            if self._lacks(question):
                continue
            locally = questions()[question].locally
            if locally and self.place.name == "local cloud":
                self._not_asked(question, locally)
                continue
            with self.step(question):
                self._ask(question, observe, asked)
        self.known |= {*asked.credentials, *self.place.secrets()}

    def _ask(self, question: str, observe: Observe, asked: Asked) -> None:
        try:
            seen = observe(asked)
        except Exception as error:
            # What it says may have something of the account in it.
            self._not_asked(question, f"the question itself failed: {type(error).__name__}")
        else:
            verdict: Verdict = "held" if seen.held else "did not hold"
            self.answers[question] = Answer(id=question, verdict=verdict, saw=seen.saw)

    def _not_asked(self, question: str, because: str) -> None:
        self.answers[question] = Answer(id=question, verdict="not asked", saw=because)

    def _lacks(self, question: str) -> str | None:
        """What it would need, and nobody brought."""
        needs = questions()[question].needs
        return None if needs in self.place.brought.needs else needs

    def complete(self, because: str) -> None:
        """Nothing more is asked: say of each question why."""
        for question in questions().values():
            if question.id not in self.answers:
                lacks = self._lacks(question.id)
                self._not_asked(question.id, question.unasked or (f"it would need {lacks}" if lacks else because))


def run(place: Place, name: str, *, step: Step, told: Callable[[str], None]) -> tuple[Run, list[Left]]:
    """Ask everything, and leave nothing, whatever happens. What is left in spite of it is the second value.

    Raises RefusalError before anything is made. An interruption ends it once everything is destroyed.
    """
    place.expect_ready()
    if there := stacks_of(place, name):
        raise RefusalError(f"there is a stack {there[0][1]} already; nothing was touched")
    found = Run(place=place, name=name, step=step, answers={}, known=set(place.secrets()))
    left: list[Left] = []
    because = "it was not come to"
    try:
        _deploy_and_ask(found)
    except DeployError as error:
        because = f"a deploy failed: {error}"
    except Exception as error:
        told(f"the run failed: {error}")
        because = f"the run itself failed: {type(error).__name__}"
    finally:
        with interruptions_held(), step("destroying everything; killing this would leave it there"):
            left = taken_away(place, name, told=told)
    found.answers["destroy"] = Answer(
        id="destroy",
        verdict="did not hold" if left else "held",
        saw=f"{len(left)} left: {', '.join(sorted({each.what.split(' ')[0] for each in left}))}" if left else "0 left",
    )
    found.complete(because)
    return found, left


def taken_away(place: Place, name: str, *, told: Callable[[str], None]) -> list[Left]:
    """What is left of a run after it was destroyed, told with the line that takes it away."""
    try:
        left = destroy(place, name, told=told)
    except Exception as error:
        # Credentials that are over, for instance: whatever it is, somebody has to know that it costs.
        told(f"it could not be destroyed: {error}")
        left = [Left(what=f"all that is called {name}", command=line_to_destroy(name, place.brought))]
    for each in left:
        told(f"still there: {each.what}; to take it away: {each.command}")
    return left


def _deploy_and_ask(found: Run) -> None:
    place, name = found.place, found.name
    with found.step("starting the server behind the models"):
        beside = place.start_server(name, new_word(), _define_secret(place, name))
    found.known |= {BEARER, beside.echo, *place.secrets()}
    if place.brought.vpc:
        with found.step("deploying a VPC and a load balancer"):
            beside = replace(beside, network=_deployed_network(place, name))
        found.known |= set(beside.network.values())
    with found.step("deploying the gateways"):
        asked = _deployed(found, beside)
    found.ask(FIRST, asked)
    with found.step("deploying other routes, shares, clients and secrets"), _callers(asked):
        changed = _deployed(found, beside, changed=True)
    # A client that is gone is asked for with the key that it had.
    keys = {**asked.clients.keys, **changed.clients.keys}
    clients = replace(changed.clients, keys=keys)
    found.ask(THEN, replace(changed, clients=clients, tokens=asked.tokens, meanwhile=asked.meanwhile))


def _deployed_network(place: Place, name: str) -> Mapping[str, str]:
    """Its outputs, which the files of the gateways have in them: so it is there before them."""
    place.deploy(replace(place.plan(name, ()), network=True))
    return outputs(place, network_stack(name))


def _deployed(found: Run, beside: Beside, *, changed: bool = False) -> Asked:
    brought = found.place.brought
    configs = write_files(found.name, beside, found.place.directory, brought=brought, changed=changed)
    found.place.deploy(found.place.plan(found.name, tuple(configs)))
    names = gateway_names(found.name, brought)
    by_name: dict[str, Gateway] = {config.name: find_gateway(found.place, config) for config in configs.values()}
    return Asked(
        place=found.place,
        open=by_name[names["open"]],
        clients=by_name[names["clients"]],
        in_two_regions=by_name.get(names.get("regional", "")),
        bearer=BEARER,
    )


def _define_secret(place: Place, name: str) -> str:
    """The version id of the secret that a backend is sent."""
    created = place.client("secretsmanager").create_secret(Name=bearer_secret(name), SecretString=BEARER)
    return str(created["VersionId"])


@contextmanager
def _callers(asked: Asked) -> Iterator[None]:
    """Somebody asks both gateways until the block ends, and what is behind a VPC link; `asked.meanwhile` has the
    statuses of each path."""
    done = threading.Event()
    requests = [(asked.open.edge, "POST", "/echo"), (asked.clients.client("reader"), "POST", "/echo")]
    if asked.place.brought.vpc:
        requests.append((asked.open.edge, "GET", "/probe"))

    def ask() -> None:
        while not done.wait(PACE):
            for caller, method, path in requests:
                try:
                    status = str(caller.ask(method, path).status)
                except NoAnswerError:
                    status = "no answer"
                asked.meanwhile.setdefault(path, []).append(status)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
