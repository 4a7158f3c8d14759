"""The certificate of a draw: what is frozen and published before the seed is known, and what is proven after it.

The verifier's single file owns the hashes and the rules, so that what is made here is what anybody can recompute.
The announcement of the seed's source is part of the frozen list: nobody can pick another event afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.files.fields import Node, read_format
from scheduler.placement.files import PROBLEM, read_problem, write_placement, write_problem
from scheduler.placement.problem import Problem
from scheduler.placement.result import Placed
from scheduler.placement.verify_draw import (
    CERTIFICATE,
    LOTTERY,
    SEED_RULES,
    NotACertificate,
    digest,
    fingerprint,
    seed_from,
    sha256,
    verify,
)
from scheduler.result import Malformed

COMMITMENT = "qingzai.draw-commitment/1"
SHORTEST_SECRET = 32
"""Characters of a secret: shorter ones could be found from their hash by trying."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Where the seed will come from: a public event after closing, in words, or a secret of which a hash is shown."""

    kind: str
    text: str

    def write(self) -> Json:
        """As it is frozen."""
        return {"kind": self.kind, ("event" if self.kind == "event" else "hash"): self.text}


def event(text: str) -> Source:
    """A public event, such as the winning numbers of a named lottery on a named day. Raises Malformed if empty."""
    if not text.strip():
        raise Malformed("event", "empty_text")
    return Source("event", text)


def secret(text: str) -> Source:
    """A committed secret; only its hash is kept. Raises Malformed where it is too short."""
    if len(text) < SHORTEST_SECRET:
        raise Malformed("secret", "secret_short", least=SHORTEST_SECRET)
    return Source("secret", sha256(text))


def freeze(data: object, source: Source) -> Json:
    """The file to publish before the seed is known, from a problem file with or without a seed. Raises Malformed."""
    root = Node(data)
    read_format(root, PROBLEM)
    policy = root.need("policy")
    if isinstance(data, dict) and isinstance(policy.value, dict):
        data = {**data, "policy": {**policy.value, "seed": "not yet known"}}
    written: Json = write_problem(read_problem(data))
    rules = {key: written["policy"][key] for key in ("order", "families")}
    frozen = {
        "rules": {**rules, "lottery": LOTTERY, "seed": SEED_RULES[source.kind]},
        "source": source.write(),
        "classes": written["classes"],
        "children": [{key: c[key] for key in c if key != "late"} for c in written["children"]],  # all are in time now
    }
    return {"format": COMMITMENT, "commitment": digest(frozen), "frozen": frozen}


@dataclass(frozen=True)
class Frozen:
    """A commitment file, read and found whole."""

    commitment: str
    frozen: Json

    def seed(self, revealed: str) -> str:
        """The seed from the event's value or the secret. Raises Malformed where that is not what was announced."""
        source = self.frozen["source"]
        if not revealed:
            raise Malformed("seed", "empty_text")
        if source["kind"] == "secret" and sha256(revealed) != source["hash"]:
            raise Malformed("secret", "secret_differs")
        return seed_from(source["kind"], self.commitment, revealed)

    def problem(self, revealed: str) -> Problem:
        """The problem with its seed, ready to be solved."""
        rules = self.frozen["rules"]
        return read_problem(
            {
                "format": PROBLEM,
                "classes": self.frozen["classes"],
                "children": self.frozen["children"],
                "policy": {**{key: rules[key] for key in ("order", "families")}, "seed": self.seed(revealed)},
            }
        )


def read_frozen(data: object) -> Frozen:
    """A commitment file. Raises Malformed where it is not whole, or was changed since."""
    root = Node(data)
    read_format(root, COMMITMENT)
    stated, frozen = root.need("commitment"), root.need("frozen")
    rules, source = frozen.need("rules"), frozen.need("source")
    kind = source.need("kind").one_of(tuple(SEED_RULES))
    source.need("event" if kind == "event" else "hash").text()
    for name in ("order", "families"):
        rules.need(name).text()
    frozen.need("classes"), frozen.need("children")
    whole = frozen.value
    if not isinstance(whole, dict) or stated.text() != digest(whole):
        stated.fail("commitment_differs")
    return Frozen(stated.text(), whole)


def certify(frozen: Frozen, revealed: str, placed: Placed) -> Json:
    """The certificate of a result. Raises Malformed where the result states no levels."""
    problem, written = frozen.problem(revealed), write_placement(placed)
    stated: Any = written.get("result")
    if stated is None:
        raise Malformed("result", "missing")
    result = {key: stated[key] for key in ("status", "levels", "draw")}
    data: Json = {
        "format": CERTIFICATE,
        "commitment": frozen.commitment,
        "frozen": frozen.frozen,
        "revealed": revealed,
        "seed": problem.policy.seed,
        "draw_order": list(problem.draw_order),
        "result": {**result, "places": written["places"], "waitlists": written["waitlists"]},
    }
    return {**data, "fingerprint": fingerprint(data)}


def faults(data: object, published: str | None = None) -> list[tuple[str, Json]]:
    """Everything in a certificate that is not so, as the single file finds it. Raises Malformed if it is none."""
    try:
        return verify(data, published)
    except NotACertificate as error:
        raise Malformed(error.place, error.code) from None
    except UnicodeEncodeError:
        raise Malformed("file", "bad_text") from None
