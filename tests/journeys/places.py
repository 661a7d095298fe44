"""The pages of a running demo, found as a crawler finds them (through sitemap and links) or named."""

import re
from urllib.request import urlopen

NOT_FOUND = "/khong-co-trang-nay"
UNREADABLE = "/01/9521234543214"


def ask(site: str, path: str) -> str:
    """Return what the site answers to a path."""
    with urlopen(site + path, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def first_of(sitemap: str, kind: str) -> str:
    """Return the first page of a kind in the sitemap."""
    found = re.search(rf"<loc>https?://[^/<]+(/{kind}/[^<]+)</loc>", sitemap)
    assert found, kind
    return found.group(1)


def stocked_producer(site: str) -> str:
    """Return the first producer of the directory, which has products with stars."""
    return link_of(ask(site, "/chu-the"), r"/chu-the/[^\"?]+")


def link_of(page: str, pattern: str) -> str:
    """Return the first address of a pattern in a page."""
    found = re.search(rf'href="({pattern})"', page)
    assert found, pattern
    return found.group(1)


def lot_path(site: str) -> str:
    """Return the trace page of a sample lot: found as shoppers do, from its product's trace page."""
    listed = ask(site, "/san-pham?chung_nhan=tat_ca") + "".join(
        ask(site, f"/san-pham?chung_nhan=hieu_luc&trang={page}") for page in (1, 2)
    )
    for product in dict.fromkeys(re.findall(r'href="(/san-pham/[^"?]+)"', listed)):
        trace = link_of(ask(site, product), r"/(?:t|01)/[^\"?]+")
        if lot := re.search(rf'href="({re.escape(trace)}/10/[^"]+)"', ask(site, trace)):
            return lot.group(1)
    raise AssertionError("no product of the demo has a lot")


def public_paths(site: str) -> dict[str, str]:
    """Return one path of every kind of public page by a name."""
    sitemap = ask(site, "/sitemap.xml")
    register = ask(site, "/chung-nhan")
    living = link_of(ask(site, "/san-pham?chung_nhan=hieu_luc"), r"/san-pham/[^\"?]+")
    lapsed = link_of(ask(site, "/san-pham?chung_nhan=het_han"), r"/san-pham/[^\"?]+")
    certificate = link_of(register, r"/chung-nhan/(?!chuoi)[^\"?]+")
    trace = link_of(ask(site, living), r"/(?:t|01)/[^\"?]+")
    return {
        "home": "/",
        "list": "/san-pham",
        "nothing-found": "/san-pham?q=zzzzzzz",
        "product": living,
        "lapsed-product": lapsed,
        "producers": "/chu-the",
        "producer": stocked_producer(site),
        "sales-points": "/diem-ban",
        "sales-points-of-province": "/diem-ban?tinh=thanh-hoa",
        "sales-point": first_of(sitemap, "diem-ban"),
        "register": "/chung-nhan",
        "certificate": f"{certificate}?ngay=2022-01-01",
        "register-chain": "/chung-nhan/chuoi",
        "plans": "/chuong-trinh",
        "plan": "/chuong-trinh/quang-binh-2021-2025",
        "plan-target": "/chuong-trinh/ha-tinh-2020/HT1",
        "rubrics": "/chuong-trinh/bo-tieu-chi",
        "rubric": "/chuong-trinh/bo-tieu-chi/du-lich-cong-dong",
        "trial-scoring": "/chuong-trinh/bo-tieu-chi/che-bien-tu-rau-cu-qua-hat/cham-thu?c1.1=1&c2.3=2&dung=4",
        "scan": "/t",
        "trace": trace,
        "trace-of-lot": lot_path(site),
        "trace-of-unknown-lot": f"{trace}/10/L24/21/0137",
        "trace-leads-on": f"/truy-xuat/noi-quet{trace}",
        "trace-of-lapsed": link_of(ask(site, lapsed), r"/(?:t|01)/[^\"?]+"),
        "unreadable-code": UNREADABLE,
        "cart": "/gio-hang",
        "look-up": "/tra-cuu",
        "law": "/doi-tra",
        "sign-in": "/dang-nhap",
        "sign-up": "/dang-ky",
        "forgotten-password": "/quen-mat-khau",
        "recovery": "/khoi-phuc",
        "not-found": NOT_FOUND,
        "english-list": "/en/san-pham",
        "english-trace": f"/en{trace}",
    }


KINDS = (
    "home", "list", "nothing-found", "product", "lapsed-product", "producers", "producer", "sales-points",
    "sales-points-of-province", "sales-point", "register", "certificate", "register-chain", "plans", "plan",
    "plan-target", "rubrics", "rubric", "trial-scoring", "scan", "trace", "trace-of-lot",
    "trace-of-unknown-lot", "trace-leads-on", "trace-of-lapsed", "unreadable-code", "cart", "look-up", "law",
    "sign-in", "sign-up", "forgotten-password", "recovery", "not-found", "english-list", "english-trace",
)  # fmt: skip
ACCOUNT = (
    "/tai-khoan", "/tai-khoan/dia-chi", "/tai-khoan/mat-khau", "/tai-khoan/van-tay", "/tai-khoan/ma-6-so",
    "/tai-khoan/thiet-bi", "/tai-khoan/du-lieu", "/tai-khoan/khoa-api", "/tai-khoan/don-hang", "/thu-mau",
    "/en/tai-khoan",
)  # fmt: skip
"""Pages of an owner who is signed in."""
REFUSED = {"unreadable-code", "not-found"}
