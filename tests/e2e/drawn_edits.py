"""What somebody changes in the file of a gateway, drawn. Each edit gives the file as it is then, or as it was."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from tests.files import MISSING, changed

Data = dict[str, Any]
Edit = Callable[[st.DrawFn, Data], Data]

HOST: Final = "https://model.example.com"
MODELS: Final = ("sound", "chat", "iris", "fraud", "rank")
CLIENTS: Final = ("app", "batch", "partner")
PLANS: Final = ("gold", "free", "silver")
VARIABLES: Final = ("user", "item")
KEYS: Final[tuple[list[str], ...]] = (["default"], ["a"], ["a", "b"], ["default", "b"])

SETTINGS: Final[Mapping[str, tuple[Any, ...]]] = {
    "alerts": (MISSING, {"email": "ops@acme.com", "errors": "1%"}),
    "description": (MISSING, "Our models"),
    "errors": (MISSING, "openai", "oip", "plain"),
    "logs": (MISSING, {"retention": "90d"}),
    "stage": (MISSING, "v2"),
    "throttle": (MISSING, {"rate": "900/s", "burst": 900}),
    "tracing": (MISSING, True),
    "edge.accept_keys": (MISSING, ["x-api-key"], ["x-api-key", "bearer"]),
    "edge.access_log": (MISSING, True),
    "edge.cache": (MISSING, {"default": "1h", "max": "24h"}),
    "edge.cors": (MISSING, {"origins": ["https://app.acme.com"]}, {"origins": ["*"]}),
    "edge.error_caching": (MISSING, "5s"),
    "edge.health": (MISSING, "/health", "/alive"),
    "edge.security_headers": (MISSING, True),
}
"""Place -> what may stand there."""


def some(names: tuple[str, ...], *, least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True)


@st.composite
def models(draw: st.DrawFn, name: str) -> Data:
    variable = draw(st.sampled_from(VARIABLES))
    shapes: list[Data] = [
        {"url": f"{HOST}/{name}"},
        {"url": f"{HOST}/{name}", "path": f"/team/{name}", "methods": ["GET", "POST"]},
        {"url": f"{HOST}/{name}/{{{variable}}}", "path": f"/{name}/{{{variable}}}/score"},
        {"url": f"{HOST}/{name}/{{{variable}}}", "path": f"/{name}/{{{variable}+}}"},
        {"url": f"{HOST}/{name}/v1", "protocol": "openai"},
        {"url": f"{HOST}/{name}", "protocol": "oip-v2"},
        {"url": f"{HOST}/{name}", "protocol": "tfserving"},
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def plans(draw: st.DrawFn) -> Data:
    """None that stops what the tests send."""
    plan: Data = {"rate": f"{draw(st.integers(1000, 2000))}/s", "burst": draw(st.integers(1000, 2000))}
    more: list[Data] = [{}, {"quota": "1000000/day"}, {"limits": {draw(st.sampled_from(MODELS)): "900/s"}}]
    return plan | draw(st.sampled_from(more))


def _new_name(draw: st.DrawFn, names: tuple[str, ...], section: Data) -> str:
    """One that is free, or one that is taken, if all are."""
    return draw(st.sampled_from([name for name in names if name not in section] or list(names)))


def _one_of(draw: st.DrawFn, section: Data) -> str:
    return draw(st.sampled_from(sorted(section)))


def _renamed(section: Data, old: str, new: str) -> Data:
    return {new if name == old else name: value for name, value in section.items()}


def add_model(draw: st.DrawFn, file: Data) -> Data:
    name = _new_name(draw, MODELS, file["models"])
    return changed({f"models.{name}": draw(models(name))}, file)


def remove_model(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"models.{_one_of(draw, file['models'])}": MISSING}, file)


def rename_model(draw: st.DrawFn, file: Data) -> Data:
    old, new = _one_of(draw, file["models"]), _new_name(draw, MODELS, file["models"])
    return changed({"models": _renamed(file["models"], old, new)}, file)


def make_another_model_of_one(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["models"])
    return changed({f"models.{name}": draw(models(name))}, file)


def other_path(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["models"])
    path = file["models"][name].get("path", f"/{name}")
    other = path.removeprefix("/moved") if path.startswith("/moved") else f"/moved{path}"
    return changed({f"models.{name}.path": other}, file)


def rename_variable(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["models"])
    model = file["models"][name]
    for variable, other in (VARIABLES, VARIABLES[::-1]):
        if f"{{{variable}" in model.get("path", ""):
            there = {key: model[key].replace(f"{{{variable}", f"{{{other}") for key in ("url", "path")}
            return changed({f"models.{name}": model | there}, file)
    return file


def other_methods(draw: st.DrawFn, file: Data) -> Data:
    methods = draw(some(("GET", "POST", "PUT"), least=1, most=3))
    return changed({f"models.{_one_of(draw, file['models'])}.methods": methods}, file)


def other_url(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["models"])
    url = file["models"][name]["url"]
    other = url.replace(f"{HOST}/next", HOST) if "/next/" in url else url.replace(HOST, f"{HOST}/next")
    return changed({f"models.{name}.url": other}, file)


def pause_or_go_on(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["models"])
    return changed({f"models.{name}.paused": not file["models"][name].get("paused", False)}, file)


def add_client(draw: st.DrawFn, file: Data) -> Data:
    name = _new_name(draw, CLIENTS, file.get("clients", {}))
    client = {"plan": draw(_plan_of_a_client(file)), **draw(st.sampled_from([{}, *({"keys": keys} for keys in KEYS)]))}
    return changed({f"clients.{name}": client}, file)


def _plan_of_a_client(file: Data) -> st.SearchStrategy[Any]:
    return st.one_of(*(st.just(name) for name in sorted(file["plans"])), plans())


def remove_client(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"clients.{_one_of(draw, file['clients'])}": MISSING}, file)


def rename_client(draw: st.DrawFn, file: Data) -> Data:
    clients = file["clients"]
    return changed({"clients": _renamed(clients, _one_of(draw, clients), _new_name(draw, CLIENTS, clients))}, file)


def other_keys(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"clients.{_one_of(draw, file['clients'])}.keys": draw(st.sampled_from(KEYS))}, file)


def other_plan_of_a_client(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"clients.{_one_of(draw, file['clients'])}.plan": draw(_plan_of_a_client(file))}, file)


def other_plan_with_another_key(draw: st.DrawFn, file: Data) -> Data:
    name = _one_of(draw, file["clients"])
    keys = ["c"] if file["clients"][name].get("keys") != ["c"] else ["d"]
    return changed({f"clients.{name}": {"plan": draw(_plan_of_a_client(file)), "keys": keys}}, file)


def add_plan(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"plans.{_new_name(draw, PLANS, file['plans'])}": draw(plans())}, file)


def remove_plan(draw: st.DrawFn, file: Data) -> Data:
    return changed({f"plans.{_one_of(draw, file['plans'])}": MISSING}, file)


def rename_plan(draw: st.DrawFn, file: Data) -> Data:
    old, new = _one_of(draw, file["plans"]), _new_name(draw, PLANS, file["plans"])
    clients = {
        name: client | ({"plan": new} if client["plan"] == old else {})
        for name, client in file.get("clients", {}).items()
    }
    return changed({"plans": _renamed(file["plans"], old, new), "clients": clients}, file)


def other_values_of_a_plan(draw: st.DrawFn, file: Data) -> Data:
    own = [
        f"clients.{name}.plan" for name, client in file.get("clients", {}).items() if isinstance(client["plan"], dict)
    ]
    places = [*(f"plans.{name}" for name in sorted(file["plans"])), *own]
    return changed({draw(st.sampled_from(places)): draw(plans())}, file)


def next_generation(_draw: st.DrawFn, file: Data) -> Data:
    return changed({"origin_lock.generation": file["origin_lock"]["generation"] + 1}, file)


def other_setting(draw: st.DrawFn, file: Data) -> Data:
    place = draw(st.sampled_from(sorted(SETTINGS)))
    value = draw(st.sampled_from(SETTINGS[place]))
    *above, key = place.split(".")
    section = file.get(above[0], {}) if above else file
    return file if value is MISSING and key not in section else changed({place: value}, file)


OF_MODELS: Final[list[Edit]] = [
    add_model,
    remove_model,
    rename_model,
    make_another_model_of_one,
    other_path,
    rename_variable,
    other_methods,
    other_url,
    pause_or_go_on,
]
OF_CLIENTS: Final[list[Edit]] = [
    remove_client,
    rename_client,
    other_keys,
    other_plan_of_a_client,
    other_plan_with_another_key,
]
OF_PLANS: Final[list[Edit]] = [remove_plan, rename_plan]
"""As those of models and clients, of what is there."""
OF_ALL: Final[list[Edit]] = [add_client, add_plan, other_values_of_a_plan, next_generation, other_setting]
