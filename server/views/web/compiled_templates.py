"""Compiled templates, kept from one start to the next beside Python's own compiled files.

Compiling all of them takes a second of CPU, most of what a start costs; reading them back a twentieth.
Jinja works out ``{{ "rue"|title }}`` while compiling, so what is kept would outlive a filter that changes: no
template filters a fixed text (``tests/views/test_kept_code.py``).
"""

import sys
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, FileSystemBytecodeCache

FOLDER = Path(__file__).parent / "__pycache__"


class KeptCode(FileSystemBytecodeCache):
    """Jinja's own cache, which checks every file against its template; a folder one may not write to is no fault."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read it back, if it is there."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if that is possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def kept_code(folder: Path = FOLDER) -> KeptCode | None:
    """The cache, or None where Python itself keeps nothing (``PYTHONDONTWRITEBYTECODE``)."""
    if sys.dont_write_bytecode:
        return None
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return KeptCode(str(folder))
