"""What a dossier, or what an office adds to it, can lack."""

from dataclasses import dataclass
from enum import StrEnum


class MissingKind(StrEnum):
    """What is not there: a choice, evidence, a fact of the forms, a finding, the letter, or samples."""

    CHOICE = "choice"
    EVIDENCE = "evidence"
    FACT = "fact"
    FINDING = "finding"
    LETTER = "letter"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece that is not there; `code` is that of the criterion, field or topic, else ""."""

    kind: MissingKind
    code: str = ""
