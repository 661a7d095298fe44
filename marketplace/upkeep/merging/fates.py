"""What becomes of each row that refers to a producer, decided table by table."""

from enum import StrEnum

import sqlalchemy as sa

from marketplace.database import Base


class Fate(StrEnum):
    """What becomes of a row of the producer that goes."""

    MOVES = "moves"
    """It becomes the other's; where the two would clash, nothing is merged."""
    MONEY = "money"
    """It becomes the other's, which must have nothing of the kind itself: no two purses in one."""
    IS_ONE = "is_one"
    """It becomes the other's unless that has the very same row."""
    YIELDS = "yields"
    """It becomes the other's, with what hangs on it, unless that has one: the other's counts."""
    ENDS = "ends"
    """It is dropped: a draft of hours, or words that are written anew."""


FATES: dict[str, Fate] = {
    "capacity_support": Fate.MOVES,
    "change_request": Fate.MOVES,
    "channel_presence": Fate.MOVES,
    "dossier": Fate.MOVES,
    "epcis_capture": Fate.MOVES,
    "evidence_file": Fate.MOVES,
    "former_producer": Fate.MOVES,
    "inspection": Fate.MOVES,
    "ip_right": Fate.MOVES,
    "listing": Fate.MOVES,
    "lot": Fate.MOVES,
    "material_zone": Fate.MOVES,
    "order": Fate.MONEY,
    "payout_account": Fate.MONEY,
    "producer_alias": Fate.ENDS,
    "producer_picture": Fate.MOVES,
    "producer_year_stat": Fate.MOVES,
    "product": Fate.MOVES,
    "product_idea": Fate.MOVES,
    "quality_certificate": Fate.MOVES,
    "question": Fate.MOVES,
    "recall": Fate.MOVES,
    "report": Fate.MOVES,
    "review": Fate.MOVES,
    "seller_payout": Fate.MONEY,
    "seller_transfer": Fate.MONEY,
    "sheet_trial": Fate.ENDS,
    "shipping_rule": Fate.YIELDS,
    "site": Fate.MOVES,
    "trade_event_participant": Fate.IS_ONE,
    "training_attendance": Fate.IS_ONE,
}
"""By the table that refers to producers. A test holds this list against the tables that there are."""

SCOPED = frozenset({"api_key", "invitation", "membership"})
"""Tables that name a producer as a scope (`scope_kind`, `scope_id`); all their rows move."""
OWNED = frozenset({"document", "picture"})
"""Tables of files that name a producer as their owner (`producer:12`); all their rows move."""


def tables_of_producers() -> dict[str, sa.Column[int]]:
    """Return the columns that refer to producers by the names of their tables, parents first."""
    return {
        table.name: key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "producer.id"
    }
