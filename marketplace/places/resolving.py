"""Reading a printed place: which unit it was, and what it is today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.places.facts import REFORM
from marketplace.places.gazetteer import NOTHING, Gazetteer, Match, Unit
from marketplace.places.models import Level


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A printed place read: units by id, an approximate point, and what remains doubtful.

    `origin_id` is the most specific unit, of the past or of today, that the text names;
    `commune_id` and `province_id` are of today and None where unsure. `accuracy` says what the
    point is the centre of. `doubts` are sentences for people, in Vietnamese.
    """

    origin_id: int | None = None
    commune_id: int | None = None
    province_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy: str | None = None
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One printed place while it is being read."""

    gazetteer: Gazetteer
    on: date | None
    doubts: list[str]

    def provinces(self, text: str) -> list[Unit]:
        match = self.gazetteer.find_provinces(text)
        if not match.units:
            self.doubts.append(f"không có tỉnh, thành phố nào tên “{text}”")
        elif not match.sure:
            self.doubts.append(f"“{text}” được hiểu là {match.units[0].full_name}")
        return list(match.units)

    def scope(self, provinces: list[Unit]) -> list[Unit]:
        """Return the provinces with those of the same territory (Thừa Thiên Huế and Huế)."""
        found = [same for province in provinces for same in self.gazetteer.same_territory(province)]
        return list(dict.fromkeys(found))

    def districts(self, scope: list[Unit], text: str) -> list[Unit]:
        match = self.gazetteer.find_within(scope, Level.DISTRICT, text)
        if not match.units:
            former = [
                self.gazetteer.units[x] for province in scope for x in self.gazetteer.earlier[province.id]
            ]
            match = self.gazetteer.find_within(former, Level.DISTRICT, text)
        self._note_spelling(match, text)
        if not match.units:
            self.doubts.append(f"không tìm thấy “{text}” trong {_names(scope)}")
        return list(match.units)

    def _note_spelling(self, match: Match, text: str) -> None:
        if match.units and not match.sure:
            self.doubts.append(f"“{text}” được hiểu là {match.units[0].full_name}")

    def commune_of_district(self, districts: list[Unit], text: str) -> Unit | None:
        """Find a commune in its district, or among what the district became.

        A district whose communes are not on record is read with those of the next one.
        """
        gazetteer = self.gazetteer
        bare = [district for district in districts if district.id not in gazetteer.holders]
        later = [unit for district in bare for unit in gazetteer.successors_at_level(district)]
        communes = [unit for district in districts for unit in gazetteer.today(district, Level.COMMUNE)]
        match = gazetteer.find_within(districts, Level.COMMUNE, text)
        if not match.units:
            match = gazetteer.find_within(later, Level.COMMUNE, text)
        if not match.units:
            provinces = [
                province for district in districts if (province := gazetteer.province_today(district))
            ]
            match = _among(gazetteer.find_within(provinces, Level.COMMUNE, text), communes)
        self._note_spelling(match, text)
        return self._one(match, text, _names(districts))

    def commune_of_province(self, scope: list[Unit], text: str) -> Unit | None:
        """Find a commune printed without its district; the date tells namesakes apart."""
        gazetteer = self.gazetteer
        provinces = [x for x in dict.fromkeys(map(gazetteer.province_today, scope)) if x]
        match = gazetteer.find_within([*scope, *provinces], Level.COMMUNE, text)
        new = [x for x in match.units if not x.ended and self._lies_in(x, scope)]
        old = [x for x in match.units if x.ended and gazetteer.province_of(x) in scope]
        if self.on is not None and self.on >= REFORM:
            chosen = new or old
        elif self.on is not None:
            chosen = old or new
        else:
            chosen = [*new, *old]
        self._note_spelling(match, text)
        return self._one(Match(tuple(chosen)), text, _names(scope))

    def _lies_in(self, commune: Unit, scope: list[Unit]) -> bool:
        gazetteer = self.gazetteer
        if gazetteer.province_of(commune) in scope:
            return True
        former = (gazetteer.units[x] for x in gazetteer.earlier[commune.id])
        return any(gazetteer.province_of(x) in scope for x in former)

    def _one(self, match: Match, text: str, where: str) -> Unit | None:
        """Return the only unit meant; namesakes that became the same commune count as one."""
        if not match.units:
            self.doubts.append(f"không tìm thấy “{text}” thuộc {where}")
            return None
        known = [unit for unit in match.units if self.gazetteer.today(unit, Level.COMMUNE)] or match.units
        futures = {frozenset(self.gazetteer.today(unit, Level.COMMUNE)) for unit in known}
        if len(known) > 1 and len(futures) > 1:
            self.doubts.append(f"có {len(known)} đơn vị tên “{text}” thuộc {where}, chưa rõ đơn vị nào")
            return None
        return max(known, key=_recency)


def resolve(
    gazetteer: Gazetteer,
    commune: str | None,
    district: str | None,
    province: str | None,
    on: date | None = None,
) -> ResolvedPlace:
    """Read a place printed as (xã, huyện, tỉnh), any of which may be missing.

    `on` is the day the paper speaks of, where known: it tells a commune of today from its former
    namesake. What is not sure stays None and is named among the doubts.
    """
    reading = _Reading(gazetteer, on, [])
    provinces = reading.provinces(province) if province else []
    if not provinces:
        if not province and (commune or district):
            reading.doubts.append("thiếu tên tỉnh, thành phố")
        return ResolvedPlace(doubts=tuple(reading.doubts))
    scope = reading.scope(provinces)
    districts = reading.districts(scope, district) if district else []
    origin = _origin(reading, scope, provinces, districts, commune, bool(district))
    return _placed(reading, origin, provinces, commune)


def _origin(
    reading: _Reading,
    scope: list[Unit],
    provinces: list[Unit],
    districts: list[Unit],
    commune: str | None,
    district_printed: bool,
) -> Unit:
    fallback = _likeliest(districts) or _province_meant(provinces, reading.on)
    if not commune or (district_printed and not districts):
        return fallback
    if districts:
        return reading.commune_of_district(districts, commune) or fallback
    return reading.commune_of_province(scope, commune) or fallback


def _placed(
    reading: _Reading, origin: Unit, provinces: list[Unit], printed_commune: str | None
) -> ResolvedPlace:
    gazetteer = reading.gazetteer
    communes = gazetteer.today(origin, Level.COMMUNE) if origin.level is not Level.PROVINCE else ()
    if origin.level is Level.COMMUNE and not communes:
        reading.doubts.append(f"chưa đối chiếu được {origin.full_name} nay thuộc xã, phường nào")
    elif origin.level is Level.COMMUNE and len(communes) > 1:
        names = ", ".join(unit.full_name for unit in communes)
        reading.doubts.append(f"{origin.full_name} nay chia vào {names}: chưa rõ nơi nào")
    certain = len(communes) == 1 and (origin.level is Level.COMMUNE or not printed_commune)
    province = gazetteer.province_today(origin)
    located = next((x for x in (origin, *gazetteer.ancestors(origin)) if x.lat is not None), None)
    return ResolvedPlace(
        origin_id=origin.id,
        commune_id=communes[0].id if certain else None,
        province_id=province.id if province else None,
        lat=located.lat if located else None,
        lon=located.lon if located else None,
        accuracy=f"{located.level.value} centroid" if located else None,
        doubts=tuple(reading.doubts),
    )


def _among(match: Match, units: Iterable[Unit]) -> Match:
    allowed = set(units)
    return (
        Match(tuple(unit for unit in match.units if unit in allowed), match.sure) if match.units else NOTHING
    )


def _likeliest(units: list[Unit]) -> Unit | None:
    return max(units, key=_recency) if units else None


def _province_meant(provinces: list[Unit], on: date | None) -> Unit:
    """Return the province of today before a former namesake, unless the day lies before the merger."""
    before = on is not None and on < REFORM
    return max(provinces, key=lambda unit: unit.ended is before)


def _recency(unit: Unit) -> tuple[bool, date]:
    return not unit.ended, unit.valid_to or date.min


def _names(units: Iterable[Unit]) -> str:
    return ", ".join(dict.fromkeys(unit.full_name for unit in units))
