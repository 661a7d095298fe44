"""The minutes as they are proposed to who keeps them: what is on record, as the document reads.

They are a document of the province and so in Vietnamese whatever language pages are read in. Sheets of
members stand in no minutes: who is in conflict over a dossier signs them too.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from marketplace import clock
from marketplace.certification.councils.bench import LEADERS
from marketplace.certification.councils.models import CouncilSession, Position, Seat, SessionDossier
from marketplace.certification.rubrics.stars import Outcome

POSITIONS = {
    Position.CHAIR: "Chủ tịch hội đồng",
    Position.DEPUTY: "Phó chủ tịch hội đồng",
    Position.MEMBER: "Uỷ viên",
    Position.SECRETARY: "Thư ký",
}
FOLLOWS = {
    Outcome.RECOGNISED: "đề nghị Chủ tịch Uỷ ban nhân dân tỉnh công nhận {stars} sao",
    Outcome.PROPOSED: "đạt từ 90 điểm và đủ mốc 5 sao, đề nghị trình Bộ Nông nghiệp và Môi trường",
    Outcome.NOT_RECOGNISED: "dưới 3 sao, không đề nghị công nhận",
    Outcome.DISQUALIFIED: "hồ sơ bị loại, không đề nghị công nhận",
    Outcome.SENT_BACK: "chuyển lại tỉnh",
}


def propose_minutes(held: CouncilSession, conflicts: Mapping[int, frozenset[int]]) -> str:
    """Return the minutes of a session, loaded with all beside sheets; conflicts are members by dossier."""
    return "\n".join(_lines(held, conflicts))


def _lines(held: CouncilSession, conflicts: Mapping[int, frozenset[int]]) -> Iterator[str]:
    council = held.council
    how = "lấy ý kiến bằng văn bản" if held.written else f"tại {held.place}"
    yield f"BIÊN BẢN PHIÊN {held.number} NĂM {held.year}"
    yield f"{council.name}, thành lập theo Quyết định {council.decision_number} {_day(council.decided_on)}"
    yield ""
    yield f"I. Thời gian, hình thức: {_moment(held.meets_at)}, {how}."
    yield "II. Thành phần:"
    for number, seat in enumerate(held.seats, 1):
        yield f"{number}. {seat.member.person.name}, {POSITIONS[seat.member.position]}, {seat.member.agency}."
    yield "III. Kết quả đánh giá, phân hạng (chấm kín, chỉ mở khi đủ phiếu):"
    for case in held.dossiers:
        yield from _case(case, held.seats, conflicts.get(case.dossier_id, frozenset()))
    yield "IV. Ý kiến khác: không."
    yield f"Chủ trì: {_leaders(held)}."


def _case(case: SessionDossier, seats: list[Seat], conflicted: frozenset[int]) -> Iterator[str]:
    dossier = case.dossier
    yield f"{case.position}. {dossier.product.name}, {dossier.producer.name}, hồ sơ {dossier.code}:"
    if case.outcome is None or case.points is None:
        yield "- Chưa có kết quả."
        return
    scorers = [one for one in seats if one.member.position is not Position.SECRETARY]
    left = [one for one in scorers if one.member_id not in conflicted]
    yield f"- Số phiếu: {len(left)} trên {len(scorers)} thành viên chấm."
    yield f"- Điểm trung bình {_points(case.points)}, chênh lệch cao thấp {_points(case.spread)} điểm."
    if case.outcome is not Outcome.DISQUALIFIED:
        yield f"- Theo điểm {case.by_points} sao, theo mốc {case.by_gates} sao, xếp hạng {case.stars} sao."
    yield f"- Kết luận: {FOLLOWS[case.outcome].format(stars=case.stars)}."
    for seat in seats:
        if seat.member_id in conflicted:
            yield f"- Không chấm vì có liên quan: {seat.member.person.name}."
    if case.words:
        yield f"- Thảo luận: {case.words.replace(chr(10), ' ')}"


def _leaders(held: CouncilSession) -> str:
    leading = [seat.member for seat in held.seats if seat.member.position in LEADERS]
    return ", ".join(member.person.name for member in leading) or "không có"


def _points(points: Decimal | None) -> str:
    return f"{points or Decimal(0):.2f}".replace(".", ",")


def _day(day: object) -> str:
    return f"ngày {day:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"
