""":smile: and 5,000 more names of emoji, made the characters when the comment is written."""

import re
from functools import cache

# Not within `10:30:45` or `a:b:c`; some names have letters with accents, brackets and full stops.
_NAME = re.compile(r"(?<![0-9A-Za-z]):([^\s:<>]{1,80}):(?![0-9A-Za-z])")


def replace(text: str) -> str:
    """`text` with the names of emoji replaced; names that are none stay as typed. Takes linear time."""
    if text.count(":") < 2 or not _NAME.search(text):
        return text
    characters = _characters()
    return _NAME.sub(lambda found: characters.get(found[1]) or characters.get(found[1].lower(), found[0]), text)


@cache
def _characters() -> dict[str, str]:
    """The names in use elsewhere (GitHub, Slack) go before those of Unicode: two cats, and `:cat:` is the face."""
    from emoji import EMOJI_DATA, STATUS  # 30 ms, which most processes never need

    whole = {STATUS["fully_qualified"], STATUS["component"]}
    rows = [(char, row) for char, row in EMOJI_DATA.items() if row["status"] in whole]
    names = {row["en"].strip(":"): char for char, row in rows}
    names |= {alias.strip(":"): char for char, row in rows for alias in row.get("alias", ())}
    return names
