"""The embed's files: /embed.js and the themes keep their addresses, what it pulls has a hash in its name for ever."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from widget.resources import static_dir
from widget.web import readpath

blueprint = Blueprint("assets", __name__)
_NAME = re.compile(r"[A-Za-z0-9_.-]+-[A-Za-z0-9]{6,}\.(js|json|svg)")
_THEME = re.compile(r"[a-z]{2,20}\.css")
_SOON = "public, max-age=300, stale-while-revalidate=60"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """A file ready to be sent: as it is and gzipped, made once."""

    plain: bytes
    zipped: bytes
    etag: str
    type: str


@blueprint.get("/embed.js")
def embed() -> Response:
    """The script that a page embeds; checked again after five minutes."""
    return _send(static_dir() / "dist" / "embed.js", _SOON)


@blueprint.get("/count.js")
def count() -> Response:
    """The script for lists of links; like /embed.js."""
    return _send(static_dir() / "dist" / "count.js", _SOON)


@blueprint.get("/themes/<name>")
def theme(name: str) -> Response:
    """A ready look, which a page loads beside its own styles."""
    if not _THEME.fullmatch(name):
        abort(404)
    return _send(static_dir() / "themes" / name, _SOON)


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """A file with a hash in its name."""
    if not _NAME.fullmatch(name):
        abort(404)
    return _send(static_dir() / "dist" / "assets" / name, "public, max-age=31536000, immutable")


def _send(path: Path, caching: str) -> Response:
    try:
        file = _load(path, path.stat().st_mtime_ns)
    except OSError:
        abort(404)
    readpath.ready(None)
    zipped = request.accept_encodings.quality("gzip") > 0 and len(file.zipped) < len(file.plain)
    response = Response(file.zipped if zipped else file.plain, content_type=file.type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Encoding")
    response.set_etag(file.etag, weak=True)  # the same in every content coding
    response.make_conditional(request)
    return response


@lru_cache(maxsize=256)
def _load(path: Path, _modified: int) -> File:
    plain = path.read_bytes()
    return File(
        plain=plain,
        zipped=gzip.compress(plain, 9, mtime=0),
        etag=hashlib.sha256(plain).hexdigest()[:20],
        type=_TYPES[path.suffix],
    )
