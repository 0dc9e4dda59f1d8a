"""docs/hooks.md: its programs find signatures right and wrong, and its tables have every field that is sent."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.channels.test_hooks import news
from tests.support.processes import ROOT
from widget.channels.hooks import KINDS, Destination
from widget.core import clock, hookbody, signatures

PAGE = (ROOT / "docs/hooks.md").read_text(encoding="utf-8")
KEY, OLD = signatures.new_secret(), signatures.new_secret()


def program(language: str) -> str:
    """The one of the page in this language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def cases() -> list[tuple[str, dict[str, str], bytes, bool]]:
    """(key, headers, body, whether it is right)."""
    to = Destination("https://receiver.test/", secrets=(KEY, OLD))
    request = KINDS["json"].make(to, news(text="Grüße 🦊"), clock.now())
    good, body = request.headers, request.body
    late = signatures.headers("msg_x", clock.from_microseconds(int((time.time() - 900) * 1e6)), body, [KEY])
    return [
        (KEY, good, body, True),
        (OLD, good, body, True),
        (signatures.new_secret(), good, body, False),
        (KEY, good, body.replace(b"Bob", b"Rob"), False),
        (KEY, {**good, "webhook-id": "msg_other"}, body, False),
        (KEY, {**good, "webhook-signature": "v1,AAAA"}, body, False),
        (KEY, late, body, False),
    ]


def test_the_program_in_python() -> None:
    there: dict[str, Any] = {}
    exec(program("python"), there)  # noqa: S102 - it is ours, and the page promises that it runs
    for key, headers, body, right in cases():
        assert there["verify"](key, headers, body) is right


def test_the_program_in_node(tmp_path: Path) -> None:
    given = [[key, headers, body.decode(), right] for key, headers, body, right in cases()]
    ask = "\nconst said = process.argv[2];\nfor (const [k, h, b, right] of JSON.parse(said))\n"
    ask += "  if (verify(k, h, Buffer.from(b)) !== right) throw new Error(JSON.stringify(h));\nconsole.log('all');\n"
    file = tmp_path / "verify.mjs"
    file.write_text(program("js") + ask, encoding="utf-8")
    done = subprocess.run(["node", file, json.dumps(given)], capture_output=True, text=True, check=False)
    assert done.stdout == "all\n", done.stderr


@pytest.mark.parametrize("part", hookbody.PARTS)
def test_every_field_is_explained(part: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(part):
        [line] = {
            one for one in PAGE.splitlines() if one.startswith(f"| `{field.encode_name}` |") and _is_of(one, field)
        } or [""]
        assert line, field.encode_name


def _is_of(line: str, field: Any) -> bool:
    found = field.type
    metas = [one.description for one in getattr(found, "__metadata__", ()) if isinstance(one, msgspec.Meta)]
    return not metas or line.endswith(f"| {metas[0]} |")


def test_what_is_sent_has_these_fields_and_no_others() -> None:
    sent = msgspec.json.decode(msgspec.json.encode(news().body))
    assert set(sent) == {"type", "timestamp", "data"}
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    seen = {*sent, *sent["data"], *sent["data"]["comment"], *sent["data"]["page"], *sent["data"]["by"]}
    assert seen <= named
