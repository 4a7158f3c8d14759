"""The only place that makes sentences, in Chinese and English, out of codes and facts.

Each table maps a code to a pair (Chinese, English); `{fact}` stands for a fact. The tables lie in the modules
beside this one and are read when they are needed, so that a quick command stays quick.
"""

from __future__ import annotations

from api.speak.language import Language, Pair, fill, from_environment, pick
from api.speak.rosters import entry, malformed, pin_error, violation

__all__ = ["Language", "Pair", "entry", "fill", "from_environment", "malformed", "pick", "pin_error", "violation"]
