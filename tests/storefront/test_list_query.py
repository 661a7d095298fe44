from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.urls import iri_to_uri

from marketplace.catalogue.filters import State
from marketplace.catalogue.product_list import Sort
from marketplace.producers.models import LegalForm
from marketplace.storefront.list_query import ListQuery, read_list_query
from marketplace.storefront.loosening import DROPPED


def read(address: str) -> ListQuery:
    return read_list_query(parse_qs(urlsplit(iri_to_uri(address)).query))


queries = st.builds(
    ListQuery,
    words=st.sampled_from(["", "bưởi", "nước mắm & mật", "a=b?c"]),
    stars=st.sampled_from([(), (5,), (3, 4)]),
    groups=st.sampled_from([(), ("do-uong",)]),
    sets=st.sampled_from([(), ("ca-phe-ca-cao", "ruou-trang")]),
    provinces=st.sampled_from([(), ("ha-tinh",), ("Thừa Thiên Huế", "42")]),
    communes=st.sampled_from([(), ("xã Phúc Trạch",)]),
    price_from=st.sampled_from([None, 0, 50_000]),
    price_to=st.sampled_from([None, 199_999]),
    legal_forms=st.sampled_from([(), (LegalForm.COOPERATIVE, LegalForm.FARM)]),
    offered=st.booleans(),
    state=st.sampled_from(State),
    sort=st.sampled_from([None, *Sort]),
    page=st.integers(1, 99),
)


@given(queries)
def test_what_is_written_is_read_back(query: ListQuery) -> None:
    assert read(query.page_url(query.page)) == query


@given(
    st.dictionaries(
        st.sampled_from(list(ListQuery().parameters())), st.lists(st.text(max_size=30), max_size=5)
    )
)
def test_anything_can_be_read(arguments: dict[str, list[str]]) -> None:
    query = read_list_query(arguments)
    assert read(query.page_url(query.page)) == query


def test_a_change_goes_back_to_the_first_page() -> None:
    assert ListQuery(page=7).url(stars=(5,)) == "/san-pham?sao=5"
    assert ListQuery(stars=(3, 4), page=2).without("stars", 3) == "/san-pham?sao=4"
    assert ListQuery(offered=True).without("offered") == "/san-pham"


def test_every_condition_that_can_be_dropped_is_part_of_the_query() -> None:
    assert {field for changes in DROPPED.values() for field in changes} <= set(ListQuery.__slots__)
