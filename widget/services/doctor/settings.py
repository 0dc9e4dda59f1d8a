"""Whether the settings are those that the operator meant, and whether their secrets are some."""

import os
import stat
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from widget import config, providers
from widget.services.doctor.finding import Finding, State

SHORTEST_KEY = 32
_ALIKE = 0.85  # of difflib: a slip of the finger, and not another program's variable that begins like ours
_OURS = {"CONFIG"}  # is no setting, it says where they are


def check(found: Mapping[str, Any]) -> Iterator[Finding]:
    """The variables' names, the file, the secret key, the certificate."""
    yield _names(dict(os.environ))
    yield _secret(str(found["SECRET_KEY"]))
    if found["TLS_CERT"] or found["TLS_KEY"]:
        yield _certificate(found)


def _names(environ: Mapping[str, str]) -> Finding:
    known = {row.name for row in (*config.SETTINGS, *providers.settings_rows())} | _OURS
    given = {name.removeprefix(config.PREFIX) for name in environ if name.startswith(config.PREFIX)}
    for name in sorted(given - known):
        if alike := get_close_matches(name, known, 1, _ALIKE):
            words = f"{config.PREFIX}{name} is no setting; did you mean {config.PREFIX}{alike[0]}?"
            return Finding("settings", State.WRONG, words)
    path = Path(environ.get("WIDGET_CONFIG", "widget.toml"))
    if not path.is_file():
        return Finding("settings", State.OK, f"from the environment; there is no {path}")
    if path.stat().st_mode & stat.S_IROTH:
        return Finding("settings", State.WRONG, f"everybody on this machine can read {path}: chmod 600 {path}")
    return Finding("settings", State.OK, f"from {path.resolve()}, and over it the environment")


def _secret(key: str) -> Finding:
    if len(key) >= SHORTEST_KEY:
        return Finding("secret key", State.OK, f"{len(key)} characters")
    words = "WIDGET_SECRET_KEY is missing" if not key else f"WIDGET_SECRET_KEY has less than {SHORTEST_KEY} characters"
    return Finding("secret key", State.WRONG, f"{words}; `widget init` makes one")


def _certificate(found: Mapping[str, Any]) -> Finding:
    for name in ("TLS_CERT", "TLS_KEY"):
        path = found[name]
        if not path or not os.access(path, os.R_OK):
            words = (
                f"{config.PREFIX}{name} names no file that can be read" if path else f"{config.PREFIX}{name} is missing"
            )
            return Finding("certificate", State.WRONG, words)
    return Finding("certificate", State.OK, str(found["TLS_CERT"]))
