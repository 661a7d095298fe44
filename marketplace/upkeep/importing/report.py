"""What an import did, or would do."""

from dataclasses import dataclass, field

from marketplace.upkeep.sheets import Finding, Severity


@dataclass(slots=True)
class Report:
    """The outcome for a whole file: all of it was applied, or nothing."""

    what: str
    dry_run: bool = False
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    certificates_added: int = 0
    applied: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that stop the import."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def doubts(self) -> list[Finding]:
        """Return the findings that a person should look at."""
        return [finding for finding in self.findings if finding.severity is Severity.DOUBT]

    def lines(self) -> list[str]:
        """Return the report in words: findings by row, then what was done."""
        told = [str(finding) for finding in sorted(self.findings, key=lambda f: (f.row, f.column))]
        return [*told, self.summary()]

    def summary(self) -> str:
        """Return one line with the counts and whether anything was written."""
        counts = (
            f"{self.rows} dòng: {self.added} mới, {self.changed} thay đổi, {self.unchanged} không đổi, "
            f"{self.skipped} bỏ qua; {len(self.errors)} lỗi, {len(self.doubts)} nghi vấn"
        )
        outcome = "đã ghi" if self.applied else "chạy thử, không ghi gì"
        if self.errors:
            outcome = "có lỗi, không ghi gì"
        return f"{self.what}: {counts}. {outcome[0].upper()}{outcome[1:]}."
