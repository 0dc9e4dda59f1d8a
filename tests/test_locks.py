"""Lock files and code name no package index: whoever installs uses the one that their own machine is set to."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from urllib.parse import urlsplit

import pytest

from tests.support.processes import ROOT


def _tracked() -> list[str]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _index_hosts() -> set[str]:
    """The hosts that pip and npm would ask, by their own settings and by their own defaults."""
    from pip._internal.models.index import PyPI, TestPyPI  # pip's own word for its default

    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    addresses = [PyPI.url, TestPyPI.url, PyPI.file_storage_domain, *re.findall(r"https?://[^'\s]+", told.stdout)]
    if npm := shutil.which("npm"):
        asked = subprocess.run([npm, "config", "get", "registry"], capture_output=True, text=True, check=False)
        addresses.append(asked.stdout.strip())
    hosts = {urlsplit(address if "//" in address else f"//{address}").hostname for address in addresses}
    return {host for host in hosts if host and host not in {"localhost", "127.0.0.1"}}


def test_constraints_are_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    strange = [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.+!]+( ; .+)?", line)]
    assert not strange


def test_every_dependency_is_constrained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(row for rows in project["optional-dependencies"].values() for row in rows)]
    names = {re.split(r"[^A-Za-z0-9_-]", row)[0].lower().replace("_", "-") for row in wanted} - {project["name"]}
    locked = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert names <= locked, "run tools/lock.sh"


def test_package_lock_carries_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]
    assert "://" not in json.dumps(lock)


def test_no_file_names_a_package_index() -> None:
    hosts = _index_hosts()
    option = re.compile(
        r"(--(extra-)?index-url|--registry|--find-links)[ =]\S*//|^\s*(index-url|registry)\s*=\s*\S*//", re.MULTILINE
    )
    found = []
    for name in _tracked():
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {host}" for host in hosts if host in text]
        found += [f"{name}: {match.group()}" for match in option.finditer(text)]
    assert not found
