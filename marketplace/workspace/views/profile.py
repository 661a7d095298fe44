"""The public profile: story, ways to reach the producer, visiting hours, pictures."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.media.errors import PictureRefused
from marketplace.media.pictures import encode
from marketplace.producers.errors import TooManyPictures
from marketplace.producers.models import Producer
from marketplace.producers.pictures import (
    LONGEST_ALT,
    MOST_PICTURES,
    add_producer_picture,
    list_producer_pictures,
    put_picture_first,
    remove_producer_picture,
)
from marketplace.producers.profile import (
    LONGEST_HOURS,
    LONGEST_STORY,
    Profile,
    describe_producer,
    read_hours,
    read_own_tax_code,
    read_public_email,
    read_public_phone,
    read_story,
    read_website,
)
from marketplace.web.guards import requires
from marketplace.web.pictures import read_files, takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed


@door.get("/<slug>/ho-so")
@requires(Role.OWNER, Role.STAFF)
def show_profile(slug: str) -> Response:
    """Show what a producer says of itself."""
    return _profile_page(own_producer(slug))


@door.post("/<slug>/ho-so")
@requires(Role.OWNER, Role.STAFF)
def save_profile(slug: str) -> Response:
    """Write what a producer says of itself; it is on view at once."""
    producer, typed = own_producer(slug), Typed(request.form)
    profile = _read(typed)
    if typed.faults:
        return _profile_page(producer, typed.faults)
    with acting() as (session, actor):
        describe_producer(session, actor, own_producer_in(session, actor, slug), profile, clock.now())
    return go(f"/gian-hang/{slug}/ho-so", _("Đã lưu hồ sơ. Người mua thấy ngay."))


@door.post("/<slug>/ho-so/anh")
@requires(Role.OWNER, Role.STAFF)
@takes_files()
def add_picture(slug: str) -> Response:
    """Put pictures on the page of a producer, each under what is said of them."""
    own_producer(slug)
    try:
        encoded = [encode(content, name) for name, content in read_files()]
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            for one in encoded:
                add_producer_picture(session, actor, own, one, request.form.get("mo_ta", ""), clock.now())
    except (PictureRefused, TooManyPictures) as refusal:
        return _profile_page(own_producer(slug), [("anh", explain(refusal))], refusal.status)
    if not encoded:
        return _profile_page(own_producer(slug), [("anh", _("Chưa chọn ảnh."))])
    return go(f"/gian-hang/{slug}/ho-so", _("Đã thêm ảnh."))


@door.post("/<slug>/ho-so/anh/dau")
@requires(Role.OWNER, Role.STAFF)
def lead_with_picture(slug: str) -> Response:
    """Show a picture first."""
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        put_picture_first(session, actor, own, request.form.get("khoa", ""), clock.now())
    return go(f"/gian-hang/{slug}/ho-so", _("Đã đưa ảnh lên đầu."))


@door.post("/<slug>/ho-so/anh/bo")
@requires(Role.OWNER, Role.STAFF)
def remove_picture(slug: str) -> Response:
    """Take a picture off the page."""
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        remove_producer_picture(session, actor, own, request.form.get("khoa", ""), clock.now())
    return go(f"/gian-hang/{slug}/ho-so", _("Đã bỏ ảnh."))


def _read(typed: Typed) -> Profile:
    return Profile(
        story=typed.read(
            "cau_chuyen", read_story, _("Câu chuyện dài quá %(longest)s chữ.", longest=LONGEST_STORY)
        ),
        phone=typed.read("sdt", read_public_phone, _("Số điện thoại chưa đúng, ví dụ 0912 345 678.")),
        email=typed.read("email", read_public_email, _("Email chưa đúng, ví dụ htx@gmail.com.")),
        website=typed.read("web", read_website, _("Địa chỉ trang web chưa đúng, ví dụ htx.vn.")),
        visiting_hours=typed.read(
            "gio_don", read_hours, _("Giờ đón khách dài quá %(longest)s chữ.", longest=LONGEST_HOURS)
        ),
        tax_code=typed.read(
            "mst",
            read_own_tax_code,
            _("Mã số thuế gồm 10 số, hoặc 10 số và 3 số của chi nhánh. Mời xem lại."),
        ),
    )


def _profile_page(producer: Producer, faults: Faults = (), status: int = 0) -> Response:
    kept: dict[str, Any] = {
        "cau_chuyen": producer.story,
        "sdt": producer.phone,
        "email": producer.email,
        "web": producer.website,
        "gio_don": producer.visiting_hours,
        "mst": producer.tax_code,
    }
    shown = list_producer_pictures(db.session(), producer.id)
    return page(
        "profile",
        producer,
        faults=faults,
        status=status,
        typed={**kept, **request.form},
        pictures=shown,
        left=MOST_PICTURES - len(shown),
        longest_story=LONGEST_STORY,
        longest_hours=LONGEST_HOURS,
        longest_alt=LONGEST_ALT,
    )
