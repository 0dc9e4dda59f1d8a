"""The words, for pages: the files are read by widget.words, for mails as well."""

from widget.words import choose, direction, embed, languages, words

__all__ = ["choose", "direction", "embed", "languages", "words"]
