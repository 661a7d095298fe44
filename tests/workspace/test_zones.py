"""Material zones and sites in the workspace."""

from typing import Any

import pytest

from marketplace.database import db
from marketplace.producers.models import QualityKind
from marketplace.traceability.zones.models import MaterialZone, Site
from marketplace.traceability.zones.sites import list_sites
from marketplace.traceability.zones.zones import list_zones
from tests.factories.places import make_commune, make_province
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


@pytest.fixture
def place() -> dict[str, Any]:
    """A commune of today, as the forms name it."""
    province = write(make_province)
    write(make_commune, "Hương Khê", province)
    return {"tinh": province.id, "xa": "xã Hương Khê"}


def zones_of(shop: Shop) -> list[MaterialZone]:
    db.session.rollback()
    return list_zones(db.session(), shop.producer.id)


def sites_of(shop: Shop) -> list[Site]:
    db.session.rollback()
    return list_sites(db.session(), shop.producer.id)


def a_zone(place: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"ten": "Vườn xóm 7", "cay": "Bưởi Phúc Trạch", "dien_tich": "2,5", **place, **changes}


def a_site(place: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"ten": "Xưởng xóm 3", "loai": "workshop", "gln": "", **place, **changes}


def test_a_zone_is_added_corrected_and_retired(shop: Shop, place: dict[str, Any]) -> None:
    assert "Chưa ghi vùng nào." in shop.staff_browser.open(f"{shop.base}/vung").words
    shop.staff_browser.open(f"{shop.base}/vung/moi")
    certified = {"tieu_chuan": "vietgap", "so": "VG-1", "noi_cap": "Trung tâm X", "den_ngay": "2027-03-01"}
    shop.staff_browser.send(f"{shop.base}/vung/moi", **a_zone(place, **certified, toa_do="18,2513; 105,7122"))
    [zone] = zones_of(shop)
    assert (zone.name, zone.standard, zone.lat, zone.commune_id) == (
        "Vườn xóm 7",
        QualityKind.VIETGAP,
        18.2513,
        zone.origin_id,
    )
    listed = shop.browser.open(f"{shop.base}/vung").words
    assert "2,5 ha" in listed
    assert "VietGAP đến 01/03/2027" in listed
    at = f"{shop.base}/vung/{zone.id}"
    form = shop.browser.open(at)
    assert form.one("#xa")["value"] == "Hương Khê"
    assert form.one("#toa_do")["value"] == "18.25130, 105.71220"
    assert form.one("#dien_tich")["value"] == "2,5"
    shop.browser.send(at, **a_zone(place, ten="Vườn xóm 8", **{**certified, "den_ngay": "2026-11-20"}))
    assert "VietGAP đã hết hạn" in shop.browser.open(f"{shop.base}/vung").words
    shop.browser.send(f"{at}/ngung")
    assert zones_of(shop) == []
    assert "Vườn xóm 8 · ngừng 21/11/2026" in shop.browser.open(f"{shop.base}/vung").words


def test_a_site_is_added_and_retired(shop: Shop, place: dict[str, Any]) -> None:
    shop.staff_browser.open(f"{shop.base}/noi-lam/moi")
    shop.staff_browser.send(f"{shop.base}/noi-lam/moi", **a_site(place, gln="9521234000006"))
    [site] = sites_of(shop)
    assert site.gln == "9521234000006"
    assert "Xưởng chế biến · GLN 9521234000006" in shop.browser.open(f"{shop.base}/vung").words
    at = f"{shop.base}/noi-lam/{site.id}"
    assert shop.browser.open(at).one("#loai option[selected]")["value"] == "workshop"
    shop.browser.send(at, **a_site(place, ten="Xưởng mới", gln="9521234000006"))
    shop.browser.send(f"{at}/ngung")
    assert sites_of(shop) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ten": " "}, "ten"),
        ({"cay": ""}, "cay"),
        ({"dien_tich": "rộng"}, "dien_tich"),
        ({"dien_tich": "0"}, "dien_tich"),
        ({"xa": "Xã Không Có"}, "xa"),
        ({"tinh": ""}, "xa"),
        ({"toa_do": "ở đây"}, "toa_do"),
        ({"toa_do": "48,8566; 2,3522"}, "toa_do"),
        ({"tieu_chuan": "vietgap"}, "so"),
        ({"so": "VG-1"}, "tieu_chuan"),
        ({"den_ngay": "x"}, "den_ngay"),
        ({"ma_vung": "1" * 41}, "ma_vung"),
    ],
)
def test_what_is_wrong_with_a_zone_is_named(
    shop: Shop, place: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = shop.browser.send(f"{shop.base}/vung/moi", 422, **{**a_zone(place), **changes})
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert zones_of(shop) == []


@pytest.mark.parametrize(
    ("changes", "field"), [({"loai": ""}, "loai"), ({"gln": "9521234000007"}, "gln"), ({"ten": ""}, "ten")]
)
def test_what_is_wrong_with_a_site_is_named(
    shop: Shop, place: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = shop.browser.send(f"{shop.base}/noi-lam/moi", 422, **{**a_site(place), **changes})
    assert f'href="#{field}"' in answer.text
    assert sites_of(shop) == []


def test_two_zones_need_two_names(shop: Shop, place: dict[str, Any]) -> None:
    shop.browser.send(f"{shop.base}/vung/moi", **a_zone(place))
    answer = shop.browser.send(f"{shop.base}/vung/moi", 422, **a_zone(place))
    assert "Tên hoặc mã này đã có nơi khác dùng." in answer.text
    assert len(zones_of(shop)) == 1


def test_a_rival_finds_none(shop: Shop, rival: Shop, place: dict[str, Any]) -> None:
    shop.browser.send(f"{shop.base}/vung/moi", **a_zone(place))
    shop.browser.send(f"{shop.base}/noi-lam/moi", **a_site(place))
    [zone], [site] = zones_of(shop), sites_of(shop)
    for base in (shop.base, rival.base):
        for path, form in ((f"vung/{zone.id}", a_zone(place)), (f"noi-lam/{site.id}", a_site(place))):
            rival.browser.open(f"{base}/{path}", 404)
            rival.browser.send(f"{base}/{path}", 404, **form)
            rival.browser.send(f"{base}/{path}/ngung", 404)
    rival.browser.open(f"{shop.base}/vung", 404)
    rival.browser.send(f"{shop.base}/vung/moi", 404, **a_zone(place))
    assert [zone.retired_at for zone in zones_of(shop)] == [None]
