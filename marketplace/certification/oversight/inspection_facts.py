"""What an inspection says: of which kind, who made it, what was seen, what has to be put right until when."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace.certification.oversight.errors import ImpossibleDay, InvalidInspection, TooManyFindings
from marketplace.certification.oversight.models import FindingTopic, InspectionKind
from marketplace.producers.profile import read_public_phone
from marketplace.text import clean_lines, one_line

LENGTHS = {"inspectors": (3, 300), "words": (10, 2000), "finding": (5, 1000), "mended_words": (5, 500)}
"""By field: the fewest and the most letters."""
MOST_FINDINGS = 30
OLDEST = timedelta(days=10 * 365)
LONGEST_TO_ANSWER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """Something that was found: what it is about, and what is wrong."""

    topic: FindingTopic
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InspectionFacts:
    """An inspection as its minutes say it; `answer_by` counts only where something was found.

    `phone` is that of the office, for the producer to call; empty for none.
    """

    kind: InspectionKind
    inspected_on: date
    inspectors: str
    words: str
    findings: tuple[FindingFacts, ...] = ()
    answer_by: date | None = None
    phone: str = ""


def tidy_inspection(facts: InspectionFacts, day: date) -> InspectionFacts:
    """Return the facts as they are kept.

    Raises InvalidInspection, ImpossibleDay, TooManyFindings and InvalidProfile for a phone.
    """
    within("inspected_on", facts.inspected_on, day - OLDEST, day)
    if len(facts.findings) > MOST_FINDINGS:
        raise TooManyFindings(most=MOST_FINDINGS)
    return replace(
        facts,
        inspectors=fitting("inspectors", one_line(facts.inspectors)),
        words=fitting("words", clean_lines(facts.words)),
        findings=tuple(tidy_finding(one) for one in facts.findings),
        answer_by=answer_day(facts.answer_by, facts.inspected_on) if facts.findings else None,
        phone=read_public_phone(facts.phone) or "",
    )


def tidy_finding(finding: FindingFacts) -> FindingFacts:
    """Return a finding as it is kept; raises InvalidInspection naming its topic as the field."""
    return replace(finding, words=fitting("finding", clean_lines(finding.words), finding.topic.value))


def answer_day(answer_by: date | None, since: date) -> date:
    """Return until when findings are to be mended; raises ImpossibleDay where no day is named."""
    return within("answer_by", answer_by, since, since + LONGEST_TO_ANSWER)


def within(field: str, day: date | None, since: date, until: date) -> date:
    """Return a day that lies in a span; raises ImpossibleDay."""
    if day is None or not since <= day <= until:
        raise ImpossibleDay(field=field, since=since, until=until)
    return day


def fitting(kind: str, words: str, field: str = "") -> str:
    """Return words that are long enough and not too long; raises InvalidInspection."""
    shortest, longest = LENGTHS[kind]
    if not shortest <= len(words) <= longest:
        raise InvalidInspection(field=field or kind, shortest=shortest, longest=longest)
    return words
