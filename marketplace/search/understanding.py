"""What a typed line means: keystrokes decoded, set phrases found, fillers and forms set aside."""

from marketplace import text
from marketplace.places.names import province_by_other_name
from marketplace.search import fillers, synonyms
from marketplace.search.keystrokes import decode
from marketplace.search.query import Alternative, Need, Query, Term
from marketplace.search.spelling import has_marks, may_stand_for, split_words, twin
from marketplace.search.vocabulary import Vocabulary

LONGEST_LINE = 200
MOST_WORDS = 12
LONGEST_PLACE = 4

TWIN = 0.02
MARKS_LEFT_OUT = 0.2
COMPLETED = 0.5
COMPLETED_ANYWHERE = 2.0

Words = tuple[str, ...]


def read_words(line: str, vocabulary: Vocabulary) -> Words:
    """Return the words of a typed line, raw keystrokes decoded where only that gives known words."""
    words = _without_echoes(split_words(line[:LONGEST_LINE]))[:MOST_WORDS]
    decoded = [decode(word) for word in words]
    is_raw = [
        bool(meant and vocabulary.has(meant) and not vocabulary.knows(word))
        for word, meant in zip(words, decoded, strict=True)
    ]
    if not any(is_raw):
        return _with_unfinished_keys(words, decoded, vocabulary)
    read = [
        meant if meant and vocabulary.has(meant) else word for word, meant in zip(words, decoded, strict=True)
    ]
    return _with_unfinished_keys(tuple(read), decoded, vocabulary)


def _without_echoes(words: Words) -> Words:
    """Drop what a word says for the third time; twice is a name, as of Lạc Lạc."""
    return tuple(word for at, word in enumerate(words) if words[:at].count(word) < 2)


def _with_unfinished_keys(words: Words, decoded: list[str | None], vocabulary: Vocabulary) -> Words:
    """Decode the last word too when it is only begun: `dd` of `ddaju`."""
    if not words or not decoded[-1] or words[-1] == decoded[-1]:
        return words
    if vocabulary.completions(words[-1]) or not vocabulary.completions(decoded[-1]):
        return words
    return (*words[:-1], decoded[-1])


def understand(words: Words, vocabulary: Vocabulary, *, typing: bool = False) -> Query:
    """Return what a line asks for; its last word may be only begun, all the more while typing."""
    needs: list[Need] = []
    of_producer = _names_a_form(words)
    at = 0
    while at < len(words):
        need = (
            _set_phrase(words, at, vocabulary, typing=typing)
            or _place(words, at, vocabulary)
            or _filler(words, at, vocabulary, of_producer)
            or _word(words, at, vocabulary, typing=typing)
        )
        needs.append(need)
        at += len(need.typed)
    return Query(words=words, needs=tuple(needs), of_producer=of_producer)


def literal(words: Words) -> tuple[Term, ...]:
    """Return the words as typed: those without marks are looked for folded."""
    return tuple(Term(word, folded=not has_marks(word)) for word in words)


def _set_phrase(words: Words, at: int, vocabulary: Vocabulary, *, typing: bool) -> Need | None:
    known = synonyms.load()
    for length in range(min(known.longest, len(words) - at), 0, -1):
        others = known.of(words, at, length, vocabulary)
        if others and not _within_place(words, at, length, vocabulary):
            typed = words[at : at + length]
            own: tuple[Alternative, ...] = (Alternative(literal(typed), side_by_side=False),)
            if length == 1:
                own = _forms(typed[0], vocabulary)
                if at == len(words) - 1:
                    own += _completions(words, at, vocabulary, typing=typing)
            return Need(typed, own + others)
    return None


def _within_place(words: Words, at: int, length: int, vocabulary: Vocabulary) -> bool:
    """Return whether a longer name of a place begins here: Lạc Sơn is not peanuts."""
    longest = min(LONGEST_PLACE, len(words) - at)
    return any(vocabulary.is_place(words[at : at + n]) for n in range(length + 1, longest + 1))


def _place(words: Words, at: int, vocabulary: Vocabulary) -> Need | None:
    for length in range(min(LONGEST_PLACE, len(words) - at), 0, -1):
        typed = words[at : at + length]
        if length > 1 and vocabulary.is_place(typed):
            return Need(typed, (Alternative(literal(typed)),), place=True)
        official = province_by_other_name(" ".join(typed))
        if official != " ".join(typed):
            meant = Alternative(tuple(map(Term, split_words(official))), cost=TWIN)
            return Need(typed, (Alternative(literal(typed)), meant), place=True)
    return None


def _names_a_form(words: Words) -> bool:
    return any(_filler_length(words, at, fillers.FORMS) for at in range(len(words)))


def _filler(words: Words, at: int, vocabulary: Vocabulary, of_producer: bool) -> Need | None:
    tables = (fillers.FORMS, fillers.AROUND, *((fillers.TRADES,) if of_producer else ()))
    length = max(_filler_length(words, at, table) for table in tables)
    form = _filler_length(words, at, fillers.FORMS)
    if not length or (length == 1 and not form and _has_company(words, at, vocabulary)):
        return None
    typed = words[at : at + length]
    return Need(typed, (Alternative(literal(typed), side_by_side=False),), optional=True)


def _filler_length(words: Words, at: int, table: dict[int, set[Words]]) -> int:
    for length in sorted(table, reverse=True):
        typed = words[at : at + length]
        if typed in table[length]:
            return length
        if (
            length > 1
            and len(typed) == length
            and any(all(map(may_stand_for, typed, p)) for p in table[length])
        ):
            return length
    return 0


def _has_company(words: Words, at: int, vocabulary: Vocabulary) -> bool:
    """Return whether a filler stands beside a typed neighbour in the register: giá of `giá đỗ`."""
    folded = [text.fold(word) for word in words]
    before = at > 0 and vocabulary.has_pair(folded[at - 1], folded[at])
    return before or (at + 1 < len(words) and vocabulary.has_pair(folded[at], folded[at + 1]))


def _word(words: Words, at: int, vocabulary: Vocabulary, *, typing: bool) -> Need:
    found = _forms(words[at], vocabulary)
    if at == len(words) - 1:
        found += _completions(words, at, vocabulary, typing=typing)
    return Need((words[at],), found)


def _forms(word: str, vocabulary: Vocabulary) -> tuple[Alternative, ...]:
    found = [Alternative(literal((word,)))]
    other = twin(word)
    if other and vocabulary.knows(other):
        found.append(Alternative(literal((other,)), cost=TWIN))
    if has_marks(word) and not vocabulary.has(word):
        found += [Alternative((Term(form),), cost=MARKS_LEFT_OUT) for form in vocabulary.meant_by(word)]
    return tuple(found)


def _completions(words: Words, at: int, vocabulary: Vocabulary, *, typing: bool) -> tuple[Alternative, ...]:
    """Return the words that a word only begun may become.

    A word that is already one is completed only to what stands behind the word before it, unless
    it is still being typed.
    """
    word = words[at]
    found: tuple[Alternative, ...] = ()
    if at > 0:
        previous = text.fold(words[at - 1])
        following = [form for form in vocabulary.completions_after(previous, word) if form != word]
        found = tuple(Alternative((Term(form),), cost=COMPLETED, after=previous) for form in following)
    if (found or vocabulary.knows(word)) and not typing:
        return found
    others = (form for form in vocabulary.completions(word) if form != word)
    return found + tuple(Alternative((Term(form),), cost=COMPLETED_ANYWHERE) for form in others)
