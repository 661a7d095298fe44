"""The streams of a PDF with what their dictionaries say, read as readers do (ISO 32000-2, 7.2, 7.3.8).

Nothing is believed of where objects begin: whatever follows a word `obj` is tried, so that none is missed
that a reader would find. What is found too much does no harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_WORK = 3_000_000
"""Steps of reading after which a file counts as made to keep its reader busy."""

_OBJECT = re.compile(rb"obj")
_SPACE = re.compile(rb"(?:[\s\x00]+|%[^\r\n]*)+")
_TOKEN = re.compile(
    rb"<<|>>|/[^\s\x00()<>\[\]{}/%]*|\(|<[^<>]*>|[^\s\x00()<>\[\]{}/%]+|[\[\]{}<>)]", re.DOTALL
)
_IN_WORDS = re.compile(rb"[()]|\\.", re.DOTALL)
_BEGINS = re.compile(rb"stream(\r?\n)?")
_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_FLATE = (["/FlateDecode"], ["[", "/FlateDecode", "]"])
_UNREADABLE = {"/DecodeParms", "/DP", "/F", "/FFilter", "/FDecodeParms"}
"""What changes the bytes of a stream beyond its filter, or takes them from elsewhere."""


class TooTangled(Exception):
    """A file takes too long to read, or a stream does not begin as streams do."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: where its bytes begin, and the tokens of its dictionary, names without hidden letters."""

    start: int
    tokens: list[str]

    @property
    def packs_objects(self) -> bool:
        """Whether a reader may take it for an object stream: by its type, or by what one has to say."""
        return "/ObjStm" in self.tokens or {"/First", "/N"} <= set(self.tokens)

    @property
    def is_plainly_deflated(self) -> bool:
        """Whether its bytes are deflated, and nothing else."""
        if self.tokens.count("/Filter") != 1 or _UNREADABLE & set(self.tokens):
            return False
        after = self.tokens.index("/Filter") + 1
        return any(
            self.tokens[after : after + len(one)] == one and self.tokens[after + len(one)][0] in "/>"
            for one in _FLATE
        )


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.work = content, 0

    def matched(self, pattern: re.Pattern[bytes], place: int) -> re.Match[bytes] | None:
        found = pattern.match(self.content, place)
        return self.counted(found, place)

    def counted(self, found: re.Match[bytes] | None, place: int) -> re.Match[bytes] | None:
        self.work += 1 + ((found.end() if found else len(self.content)) - place) // 16
        if self.work > MOST_WORK:
            raise TooTangled
        return found

    def after_space(self, place: int) -> int:
        found = self.matched(_SPACE, place) if self.content[place : place + 1] else None
        return found.end() if found else place

    def dictionary(self, place: int) -> tuple[list[str], int] | None:
        """Return the tokens of a dictionary and where it ends, or None if there is none."""
        tokens: list[str] = []
        depth = 0
        while (found := self.matched(_TOKEN, place)) is not None:
            token, place = found[0], found.end()
            if token == b"(":
                place = self.end_of_words(place)
            tokens.append(_spelt(token))
            depth += (token == b"<<") - (token == b">>")
            if depth == 0:
                return (tokens, place) if token == b">>" else None
            place = self.after_space(place)
        return None

    def end_of_words(self, place: int) -> int:
        depth = 1
        while depth:
            found = self.counted(_IN_WORDS.search(self.content, place), place)
            if found is None:
                return len(self.content)
            place = found.end()
            depth += (found[0] == b"(") - (found[0] == b")")
        return place


def list_streams(content: bytes) -> Iterator[Stream]:
    """Yield the streams of a PDF; raises TooTangled."""
    reader = _Reader(content)
    for word in _OBJECT.finditer(content):
        place = reader.after_space(word.end())
        if not content.startswith(b"<<", place) or (read := reader.dictionary(place)) is None:
            continue
        begins = _BEGINS.match(content, reader.after_space(read[1]))
        if begins is None:
            continue
        if begins[1] is None:
            raise TooTangled
        yield Stream(begins.end(), read[0])


def _spelt(token: bytes) -> str:
    letters = _LETTER.sub(lambda code: bytes.fromhex(code[1].decode()), token)
    return (letters if token.startswith(b"/") else token).decode("latin-1")
