"""Long prints in a process of their own: some hundred sheets take seconds, in which a server has others to answer."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, cast

from api.prints.press import AT_A_TIME, Printed, Template, printed

_ONE = threading.Lock()
"""Of long prints a server makes one at a time: each takes a few hundred megabytes."""
LONGEST = 300
"""Seconds after which a print is given up."""


def printed_aside(template: Template, data: Mapping[str, Any]) -> Printed:
    """As `printed`; what takes several runs of the typesetter is laid out by another process."""
    if len(data["sheets"]) <= AT_A_TIME:
        return printed(template, data)
    with _ONE:
        done = subprocess.run(
            [sys.executable, "-m", "api.prints.aside", template], input=json.dumps(data).encode(),
            stdout=subprocess.PIPE, check=True, timeout=LONGEST,
        )  # fmt: skip
    missing, _, pdf = done.stdout.partition(b"\n")
    return Printed(pdf, json.loads(missing))


def main() -> None:
    """Read the data, write what could not be printed as a line, then the PDF."""
    made = printed(cast(Template, sys.argv[1]), json.load(sys.stdin))
    sys.stdout.buffer.write(json.dumps(dict(made.missing)).encode() + b"\n" + made.pdf)


if __name__ == "__main__":
    main()
