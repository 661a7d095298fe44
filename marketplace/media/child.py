"""The process that opens a stranger's picture: it limits itself first, and answers in frames.

Run as `python -m marketplace.media.child` with the file on the standard input. Each frame is a
line of JSON, followed by as many bytes as its `bytes` says: `{"width", "height", "form", "bytes"}`, or,
last and alone, `{"refused": code, "parameters": {…}}`.
"""

import json
import resource
import sys
from typing import Any, BinaryIO

from marketplace.media import limits
from marketplace.media.errors import PictureRefused, PictureTooHeavy
from marketplace.media.kinds import require_picture
from marketplace.media.renditions import renditions_of


def limit_process() -> None:
    """Bound this process's memory and processor time; exceeding them ends it, not the server."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(source: BinaryIO, answer: BinaryIO) -> None:
    """Tell of the picture on the answer."""
    try:
        content = source.read(limits.MAX_BYTES + 1)
        for one in renditions_of(content, require_picture(content)):
            told = {"width": one.width, "height": one.height, "form": one.form, "bytes": len(one.content)}
            _tell(answer, told)
            answer.write(one.content)
    except PictureRefused as refusal:
        _tell(answer, {"refused": refusal.code, "parameters": refusal.parameters})
    except MemoryError:
        _tell(answer, {"refused": PictureTooHeavy.code, "parameters": {}})
    answer.flush()


def _tell(answer: BinaryIO, told: dict[str, Any]) -> None:
    answer.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    limit_process()
    main(sys.stdin.buffer, sys.stdout.buffer)
