"""The register finds, counts and tells states as the rules do, on both databases."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.certification import register_book as book
from marketplace.certification.actions import extend_certificate, revoke_certificate
from marketplace.certification.models import CertificateState, RevocationReason
from marketplace.certification.register_book import EntryFilter, EntryState
from marketplace.certification.validity import state_on
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.places import make_province
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)
AS_TOLD = {
    CertificateState.REVOKED: EntryState.REVOKED,
    CertificateState.UNDATED: EntryState.UNDATED,
    CertificateState.SUPERSEDED: EntryState.SUPERSEDED,
    CertificateState.EXPIRED: EntryState.LAPSED,
}


@pytest.fixture
def entries(app: Flask) -> None:
    with unit_of_work() as session:
        cam = a_product(session, "Cam Khe Mây", producer=a_producer(session))
        a_certificate(session, cam, 3, issued_on=date(2020, 5, 1))
        a_certificate(session, cam, 4, decision=a_decision(session, decided_on=date(2022, 8, 5)))
        a_certificate(session, cam, 4, issued_on=date(2025, 6, 1))
        mat = a_product(session, "Mật ong Cường Nga", province_id=make_province(session).id)
        a_certificate(session, mat, 3, year=2023)
        gao = a_product(session, "Gạo Đỏ")
        extended = a_certificate(session, gao, 5, issued_on=date(2023, 9, 1))
        extend_certificate(session, extended, date(2026, 12, 31))
        tra = a_product(session, "Trà Mướp Đắng")
        revoked = a_certificate(session, tra, 4, issued_on=date(2025, 1, 15))
        revoke_certificate(session, revoked, RevocationReason.OTHER, date(2026, 3, 1))
        a_certificate(session, a_product(session, "Rượu Sim"), None, year=None, issued_on=None)


@pytest.mark.usefixtures("entries")
def test_the_state_in_sql_is_the_state_of_the_rules() -> None:
    every = book.list_all_entries(EntryFilter(), TODAY)
    assert len(every) == 7
    for day in (TODAY + timedelta(days=93 * step) for step in range(-20, 20)):
        for state in EntryState:
            told = {one.id for one in book.list_all_entries(EntryFilter(state=state), day)}
            ruled = {
                one.id
                for one in every
                if (found := state_on(one, day)) is not None and AS_TOLD.get(found, EntryState.ALIVE) is state
            }
            begun = {one.id for one in every if state_on(one, day) is not None}
            assert told & begun == ruled, (day, state)


@pytest.mark.usefixtures("entries")
def test_counts_by_state_whichever_is_asked_for() -> None:
    found = book.list_entries(EntryFilter(state=EntryState.ALIVE), TODAY)
    assert found.counts == {
        EntryState.ALIVE: 2,
        EntryState.LAPSED: 1,
        EntryState.SUPERSEDED: 2,
        EntryState.REVOKED: 1,
        EntryState.UNDATED: 1,
    }
    assert found.total == len(found.entries) == 2


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (EntryFilter(words="cam khe"), ["cam-khe-may-2025", "cam-khe-may-2022", "cam-khe-may-2020"]),
        (EntryFilter(words="Gạo ĐỎ"), ["gao-do-2023"]),
        (EntryFilter(words="2919/QĐ-UBND"), ["cam-khe-may-2022"]),
        (EntryFilter(words="tra-muop-dang-2025"), ["tra-muop-dang-2025"]),
        (EntryFilter(words="100%"), []),
        (EntryFilter(stars=5), ["gao-do-2023"]),
        (EntryFilter(year=2020), ["cam-khe-may-2020"]),
        (EntryFilter(province_ids=frozenset({1})), ["mat-ong-cuong-nga-2023"]),
        (EntryFilter(province_ids=frozenset()), []),
    ],
)
def test_finds_by_words_number_stars_year_and_place(wanted: EntryFilter, codes: list[str]) -> None:
    assert [one.code for one in book.list_entries(wanted, TODAY).entries] == codes


@pytest.mark.usefixtures("entries")
def test_comes_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "ENTRIES_PER_PAGE", 3)
    pages = [book.list_entries(EntryFilter(), TODAY, page) for page in (1, 2, 3, 4)]
    assert [len(page.entries) for page in pages] == [3, 3, 1, 0]
    assert {page.pages for page in pages} == {3}
    assert len({one.id for page in pages for one in page.entries}) == 7
    assert pages[2].entries[0].code == "ruou-sim-khong-ro-nam"
    assert book.list_years() == [2025, 2023, 2022, 2020]


@pytest.mark.usefixtures("entries")
def test_a_decision_leads_to_what_it_gave() -> None:
    [entry] = book.list_entries(EntryFilter(words="2919"), TODAY).entries
    assert entry.decision is not None
    decision = book.find_decision(entry.decision.code)
    assert decision is not None
    assert book.list_certificates_under(decision.id) == [entry]
    assert [one.year for one in book.list_certificates_of(entry.product_id)] == [2020, 2022, 2025]


@pytest.mark.usefixtures("entries")
def test_an_unknown_code_is_not_found() -> None:
    assert book.find_decision("khong-co") is None
    with pytest.raises(NotFound):
        book.get_certificate("khong-co")
