"""Templates compiled once in a run: nearly every test makes an application, and all of them have the same ones."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Jinja's cache, in memory; it compiles again what has another text."""

    def __init__(self) -> None:
        """Empty."""
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        if (found := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
