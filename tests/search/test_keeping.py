"""The index follows the register, and heals."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.catalogue.models import Product
from marketplace.catalogue.packs import reprice, set_variants
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer, ProducerAlias
from marketplace.search import actions, engine
from marketplace.search.generations import unseal
from marketplace.search.models import SearchGeneration
from marketplace.search.queries import find
from marketplace.search.whoosh_engine import VERSION, WhooshIndex
from tests.factories.catalogue import a_pack, a_product
from tests.factories.search import a_small_register


@pytest.fixture
def register(app: Flask) -> dict[str, Product]:
    """A small register whose index is up to date."""
    with unit_of_work() as session:
        products = a_small_register(session)
    jobs.do_all()
    assert find("kẹo").engine == "whoosh"
    return products


def search_jobs() -> list[tuple[str, dict[str, list[int]]]]:
    rows = db.session.execute(sa.select(Job.kind, Job.payload).where(Job.kind.startswith("search.")))
    return [(kind, payload) for kind, payload in rows]


def present_index() -> WhooshIndex:
    name = engine.present_generation()
    assert name
    return WhooshIndex(unseal(engine.opened().folder, name, VERSION).files)


def test_a_transaction_leaves_one_job(app: Flask) -> None:
    with unit_of_work() as session:
        one = a_product(session, "Cam")
        session.flush()
        two = a_product(session, "Bưởi")
        session.flush()
    kinds = [kind for kind, _ in search_jobs()]
    assert kinds.count(engine.UPDATE) + kinds.count(engine.REBUILD) == 1
    jobs.do_all()
    with unit_of_work() as session:
        session.get_one(Product, one.id).name = "Cam sành"
        session.flush()
        session.get_one(Product, two.id).name = "Bưởi da xanh"
    assert search_jobs() == [(engine.UPDATE, {"product_ids": [one.id, two.id], "producer_ids": []})]


def test_what_changes_no_word_leaves_no_job(register: dict[str, Product]) -> None:
    with unit_of_work() as session:
        product = session.get_one(Product, register["Sen sấy Wasabi"].id)
        (variant,) = set_variants(session, product, [a_pack()])
        reprice(session, variant, 50_000)
    assert search_jobs() == []


def test_a_change_rolled_back_leaves_no_job(register: dict[str, Product]) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.get_one(Product, register["Sen sấy Wasabi"].id).name = "Khác"
        session.flush()
        raise ZeroDivisionError
    with unit_of_work() as session:
        session.execute(sa.update(Producer).values(phone="0900000000"))
    assert search_jobs() == []


def test_a_savepoint_does_not_leave_the_job_early(register: dict[str, Product]) -> None:
    with unit_of_work() as session, session.begin_nested():
        session.get_one(Product, register["Sen sấy Wasabi"].id).name = "Sen sấy mè"
    assert len(search_jobs()) == 1


def test_renamed_added_and_removed_products_are_followed(register: dict[str, Product]) -> None:
    with unit_of_work() as session:
        session.get_one(Product, register["Sen sấy Wasabi"].id).name = "Sen sấy mè"
        session.delete(session.get_one(Product, register["Dưa lưới An Xuân"].id))
        added = a_product(session, "Rượu mú từn")
    jobs.do_all()
    assert find("wasabi").loosened or not find("wasabi").product_ids
    assert find("sen sấy vừng").product_ids == (register["Sen sấy Wasabi"].id,)
    assert find("rượu mú từn").product_ids == (added.id,)
    assert register["Dưa lưới An Xuân"].id not in find("dưa lưới").product_ids
    assert actions.drift(present_index()) == set()


def test_names_of_producers_are_followed(register: dict[str, Product]) -> None:
    producer_id = register["Sen sấy Wasabi"].producer_id
    assert producer_id
    with unit_of_work() as session:
        session.get_one(Producer, producer_id).name = "HTX Hoàng Gia"
        session.add(ProducerAlias(producer_id=producer_id, name="Badalok", name_key="badalok"))
    jobs.do_all()
    assert len(find("hoàng gia").product_ids) == len(find("badalok").product_ids) == len(register)


def test_a_renamed_unit_has_everything_built_anew(register: dict[str, Product]) -> None:
    with unit_of_work() as session:
        session.scalars(sa.select(AdminUnit).where(AdminUnit.name == "Cẩm Vịnh")).one().name = "Cẩm Bình"
        actions.queue_rebuild(session)
    assert [kind for kind, _ in search_jobs()] == [engine.REBUILD]
    jobs.do_all()
    assert len(find("cẩm bình").product_ids) == len(register)


def test_bulk_statements_queue_their_own(register: dict[str, Product]) -> None:
    product_id = register["Sen sấy Wasabi"].id
    with unit_of_work() as session:
        session.execute(sa.update(Product).where(Product.id == product_id).values(name="Ngự trà"))
        actions.queue(session, [product_id])
    jobs.do_all()
    assert find("ngự trà").product_ids == (product_id,)


def test_many_changes_mean_a_rebuild(register: dict[str, Product], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "REBUILD_FROM", 1)
    with unit_of_work() as session:
        for product in register.values():
            session.get_one(Product, product.id).name += " mới"
    jobs.do_all()
    assert len(find("mới").product_ids) == len(register)


def test_an_update_of_a_damaged_index_builds_it_anew(register: dict[str, Product]) -> None:
    shutil.rmtree(engine.opened().folder)
    with unit_of_work() as session:
        added = a_product(session, "Rượu mú từn")
    jobs.do_all()
    engine.opened().forget()
    assert find("rượu mú từn").product_ids == (added.id,)
    assert find("rượu mú từn").engine == "whoosh"


def test_old_generations_and_orphans_are_removed(register: dict[str, Product]) -> None:
    folder = engine.opened().folder
    (folder / "generation-left-by-a-dead-writer").mkdir()
    assert actions.tend() is False
    assert [path.name for path in folder.glob("generation-*")] == [engine.present_generation()]


def damage_file(folder: Path) -> None:
    (segment,) = folder.glob("*/*.seg")
    os.truncate(segment, segment.stat().st_size // 2)


def test_a_damaged_index_is_served_by_the_database_and_healed(register: dict[str, Product]) -> None:
    damage_file(engine.opened().folder)
    assert find("keo lac").engine == "whoosh", "what is in memory was checked when it was read"
    engine.opened().forget()
    found = find("keo lac")
    assert found.engine == "database"
    assert register["Kẹo lạc Sửu Hà"].id in found.product_ids
    assert actions.tend() is True
    assert find("keo lac").engine == "whoosh"
    assert actions.tend() is False


def test_a_missing_index_is_built(app: Flask) -> None:
    assert actions.tend() is True
    assert actions.tend() is False


def test_an_index_that_lacks_products_is_built_anew(register: dict[str, Product]) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(Product).where(Product.id == register["Sen sấy Wasabi"].id))
    assert actions.tend() is True


def test_nothing_is_concluded_while_jobs_wait(register: dict[str, Product]) -> None:
    with unit_of_work() as session:
        a_product(session, "Rượu mú từn")
    assert actions.tend() is False


def test_words_that_drifted_are_noticed_in_time(register: dict[str, Product]) -> None:
    product_id = register["Sen sấy Wasabi"].id
    with unit_of_work() as session:
        session.execute(sa.update(Product).where(Product.id == product_id).values(name="Ngự trà"))
    assert actions.tend() is False
    assert actions.drift(present_index()) == {product_id}
    with clock.stopped(clock.now() + actions.COMPARED_EVERY + timedelta(seconds=1)):
        assert actions.tend() is True
        assert actions.tend() is False
    assert find("ngự trà").product_ids == (product_id,)


def test_a_sound_index_is_compared_and_left(register: dict[str, Product]) -> None:
    with clock.stopped(clock.now() + actions.COMPARED_EVERY + timedelta(seconds=1)):
        assert actions.tend() is False
        assert db.session.scalar(sa.select(SearchGeneration.compared_at)) == clock.now()


def test_an_index_of_an_older_version_is_built_anew(
    register: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "VERSION", "next")
    assert actions.tend() is True


def test_while_a_generation_is_read_the_one_before_answers(register: dict[str, Product]) -> None:
    opened = engine.opened()
    name = engine.present_generation()
    assert name
    before = opened.engine(name)
    assert opened.engine("generation-not-there") is before
    opened._reading.join()  # type: ignore[union-attr] # noqa: SLF001 - the thread is nobody else's business
    assert opened.engine("generation-not-there") is None
    assert opened.read(name) is not None


def test_reindex_says_what_it_did(app: Flask) -> None:
    with unit_of_work() as session:
        a_small_register(session)
    result = app.test_cli_runner().invoke(args=["reindex"])
    assert result.exit_code == 0, result.output
    assert "8 sản phẩm" in result.output
    assert find("kẹo").engine == "whoosh"
