"""A plan's figures in words: what is asked, what the register shows, and the verdict once there is one."""

from dataclasses import dataclass

from marketplace.programme.figures import Figure, Outcome
from marketplace.programme.metrics import Subject, subject_of
from marketplace.programme.models import Compare, Spread, Target, TargetKind
from marketplace.storefront.plan_bars import Bar, bar_of
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a plan as its page shows it; `kind` is the tag's: ok, bad, warn, or nothing."""

    figure: Figure
    wanted: str
    reading: str
    small: str
    verdict: str
    kind: str
    bar: Bar | None


def show(figure: Figure) -> Shown:
    """Put a figure into words."""
    kind, verdict = _verdict(figure)
    return Shown(
        figure=figure,
        wanted=wanted_words(figure.target),
        reading=_reading(figure),
        small=_small(figure),
        verdict=verdict,
        kind=kind,
        bar=bar_of(figure),
    )


def thing_words(subject: Subject | None) -> str:
    """Return what is counted, in the plural that Vietnamese does without."""
    return {
        Subject.PRODUCT: _("sản phẩm"),
        Subject.PRODUCER: _("chủ thể"),
        Subject.POINT: _("điểm bán"),
        Subject.EVENT: _("lần xúc tiến"),
        Subject.SESSION: _("lớp tập huấn"),
        Subject.RIGHT: _("quyền sở hữu trí tuệ"),
        Subject.IDEA: _("phiếu đăng ký ý tưởng"),
        Subject.INSPECTION: _("cuộc kiểm tra"),
        None: "",
    }[subject]


def wanted_words(target: Target) -> str:
    """Return what the plan asks for, or what its source reports."""
    if target.compare is Compare.NONE:
        return _("không nêu số")
    thing = "%" if target.percent else thing_words(subject_of(target))
    if target.compare is Compare.RANGE:
        number = _("%(least)s–%(most)s %(thing)s", least=target.least, most=target.most, thing=thing)
    elif target.compare is Compare.EXACTLY:
        number = f"{target.least} {thing}"
    else:
        number = _("từ %(least)s %(thing)s", least=target.least, thing=thing)
    if target.spread is Spread.EACH_DISTRICT:
        return _("%(number)s mỗi huyện", number=number)
    return _("%(number)s mỗi năm", number=number) if target.spread is Spread.EACH_YEAR else number


def _reading(figure: Figure) -> str:
    if figure.target.metric is None:
        return _("xem bằng chứng")
    if figure.target.spread is not Spread.WHOLE and figure.parts:
        return _spread(figure)
    count, thing = figure.tally.count, thing_words(subject_of(figure.target))
    if figure.complete:
        if figure.percent is not None:
            return f"{str(figure.percent).replace('.', ',')} %"
        return f"{count} {thing}"
    if count == 0:
        return _("chưa có trong sổ")
    return _("ít nhất %(count)s %(thing)s trong sổ", count=count, thing=thing)


def _spread(figure: Figure) -> str:
    seen = sum(part.reached for part in figure.parts)
    if not (seen or figure.complete):
        return _("chưa có trong sổ")
    numbers = {"seen": seen, "all": len(figure.parts)}
    if figure.target.spread is Spread.EACH_YEAR:
        words = _("%(seen)s trên %(all)s năm", **numbers)
    else:
        words = _("%(seen)s trên %(all)s huyện", **numbers)
    return words if figure.complete else _("ít nhất %(words)s có trong sổ", words=words)


def _small(figure: Figure) -> str:
    """Return what a percentage is of, without dividing while the period is open."""
    target = figure.target
    if not target.percent:
        return ""
    numbers = {"count": figure.tally.count, "base": figure.base, "thing": thing_words(subject_of(target))}
    if figure.complete:
        return _("%(count)s trên %(base)s %(thing)s", **numbers)
    if target.fixed_base:
        return _("nguồn ghi %(base)s %(thing)s", **numbers)
    return _("sổ có %(base)s %(thing)s để tính tỉ lệ, có thể chưa đủ", **numbers)


def _verdict(figure: Figure) -> tuple[str, str]:
    """Return a tag's kind and words: nothing is judged, and nothing red, before the period is complete."""
    target = figure.target
    if target.compare is Compare.NONE:
        return "", ""
    if not figure.complete:
        return "", _("Chưa khép số liệu")
    if figure.outcome is None:
        return "warn", _("Chưa đủ cơ sở để so")
    return _against_source(figure) if target.kind is TargetKind.FACT else _against_plan(figure)


def _against_source(figure: Figure) -> tuple[str, str]:
    if figure.lacking or figure.beyond:
        return "warn", _("Sổ khác nguồn")
    return "ok", _("Khớp nguồn")


def _against_plan(figure: Figure) -> tuple[str, str]:
    if figure.outcome is Outcome.BELOW:
        return "bad", _lacking(figure)
    if figure.outcome is Outcome.ABOVE and figure.target.compare is Compare.RANGE:
        return "ok", _("Vượt %(count)s", count=figure.beyond)
    return "ok", _("Đạt")


def _lacking(figure: Figure) -> str:
    if figure.parts:
        return (
            _("Còn thiếu ở %(count)s nơi", count=len(figure.missing))
            if (figure.target.spread is Spread.EACH_DISTRICT)
            else _("Còn thiếu %(count)s năm", count=len(figure.missing))
        )
    return _("Thiếu %(count)s", count=figure.lacking)
