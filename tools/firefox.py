"""Brings Debian's Firefox ESR, with the libraries this machine lacks, into .cache/firefox without installing anything.

Usage: python tools/firefox.py; prints {"executable", "libraries"} as JSON. Needs apt and dpkg, not root.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / ".cache/firefox"
# What Firefox links to and a server rarely has, by the library that is missed.
PACKAGES = {
    "libgtk-3.so.0": "libgtk-3-0",
    "libvpx.so.7": "libvpx7",
    "libepoxy.so.0": "libepoxy0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libdbus-glib-1.so.2": "libdbus-glib-1-2",
    "libasound.so.2": "libasound2",
}


def bring() -> tuple[Path, str]:
    """(path of the program, LD_LIBRARY_PATH for it). Raises RuntimeError that names the libraries nobody knows."""
    if not HOME.exists():
        HOME.parent.mkdir(exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix="firefox.", dir=HOME.parent))
        try:
            _unpack("firefox-esr", half)
            while missing := _missing(half):
                if unknown := missing - PACKAGES.keys() - {"libgdk-3.so.0"}:
                    raise RuntimeError(f"Firefox needs {', '.join(sorted(unknown))}: install their packages")
                for library in sorted(missing & PACKAGES.keys()):
                    _unpack(PACKAGES[library], half)
            half.rename(HOME)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return HOME / "usr/lib/firefox-esr/firefox-esr", _libraries(HOME)


def _unpack(package: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        fetch = ["apt-get", "download", package]
        subprocess.run(fetch, cwd=place, check=True, capture_output=True)  # noqa: S603 - names from the list above
        for archive in Path(place).glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True)  # noqa: S603, S607 - Debian's own


def _missing(folder: Path) -> set[str]:
    files = [folder / "usr/lib/firefox-esr/libxul.so", *folder.glob("usr/lib/*-linux-gnu/libgtk-3.so.0")]
    env = {**os.environ, "LD_LIBRARY_PATH": _libraries(folder)}
    command = ["ldd", *map(str, files)]
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own files
    return {line.split()[0] for line in told.stdout.splitlines() if "not found" in line}


def _libraries(folder: Path) -> str:
    places = [folder / "usr/lib/firefox-esr", *sorted(folder.glob("usr/lib/*-linux-gnu"))]
    return os.pathsep.join(map(str, places))


if __name__ == "__main__":
    executable, libraries = bring()
    print(json.dumps({"executable": str(executable), "libraries": libraries}))
