# ruff: noqa: RUF001 - letters that are taken for others are what this file is about
"""Names that readers would take for the same one: the idea of a skeleton (Unicode Technical Standard #39, section 4).

The letters follow https://www.unicode.org/Public/security/latest/confusables.txt as far as common fonts draw them like
Latin ones. Unlike there, case, accents, spaces and signs do not count: a moderator's name with a tick mark beside it is
still theirs. So letters are taken together, too, of which only the capitals look alike.
"""

import unicodedata
from typing import Final

# Latin letters, each with what is drawn like it. Capitals stand here where their small letters look otherwise.
_ALIKE: Final = {
    "a": "аɑαᴀꭺꓮΑА",
    "b": "ЬьƄВвΒβᴃʙᏴꓐ",
    "c": "сϲᴄⅽСϹᏟꓚ",
    "d": "ԁⅾᏧᴅꓒԀᎠ",
    "e": "еҽєεЕΕᴇᎬꓰ",
    "f": "ƒϝẝꞙꓝ",
    "g": "ɡցɢԌᏀꓖ",
    "h": "һհНнΗʜᎻꓧ",
    "j": "јϳЈʝᴊᎫꓙ",
    "k": "кΚКκᴋᏦꓗ",
    "l": "i1|ıɩιіӏΙІӀʟɪⵏꓡᏞ",
    "n": "ոռΝηпɴꓠ",
    "o": "0оοօσОΟՕᴏ೦๐໐०০੦૦୦௦౦൦ⵔꓳ",
    "p": "рρРΡᴘᏢꓑ",
    "q": "ԛգԚ",
    "r": "гᴦʀᎡꓣ",
    "s": "ѕꜱƽЅᏚꓢՏ",
    "t": "тТΤτᴛᎢꓔ",
    "u": "սυцᴜՍꓴʋ",
    "v": "ѵνᴠⅴѴꓦᏙ",
    "w": "ԝᴡѡԜꓪᎳ",
    "x": "хⅹХΧχ᙮ꓫ",
    "y": "уγүУΥҮʏᎽꓬ",
    "z": "ᴢΖᏃꓜ",
    "rn": "mмМΜᴍᎷꓟⅿ",
}
_TABLE: Final = {ord(letter): latin for latin, letters in _ALIKE.items() for letter in letters}
_UNSEEN: Final = frozenset("PZSC")  # signs, spaces, symbols, controls: by the first letter of their category
_ACCENTS: Final = range(0x0300, 0x0370)


def skeleton(name: str) -> str:
    """What names that look alike have in common; "" for a name of nothing but signs. It is not for showing."""
    folded = unicodedata.normalize("NFKD", name).translate(_TABLE).casefold().translate(_TABLE)
    letters = (char for char in unicodedata.normalize("NFKD", folded) if not _is_unseen(char))
    return unicodedata.normalize("NFC", "".join(letters))


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in _UNSEEN or ord(char) in _ACCENTS
