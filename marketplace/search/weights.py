"""How many points each way of matching brings, with the words in which that is published (rule R15)."""

from enum import Enum


class Weight(Enum):
    """A way of matching with its points, and what is published about it in both languages."""

    WHOLE_NAME = (
        40.0,
        "tên sản phẩm đúng như cụm từ tìm kiếm",
        "the product's name is exactly what was typed",
    )
    NAME = (10.0, "mỗi từ có trong tên sản phẩm", "each word found in the product's name")
    MAKER = (5.0, "mỗi từ có trong tên chủ thể", "each word found in the producer's name")
    PLACE = (
        5.0,
        "mỗi từ có trong địa danh, kể cả tên cũ",
        "each word found in its places, former ones included",
    )
    KIND = (2.0, "mỗi từ có trong tên nhóm, bộ sản phẩm", "each word found in its group and set")
    MAKER_ASKED = (
        12.0,
        "mỗi từ có trong tên chủ thể, khi tìm chủ thể",
        "the same when a producer is asked for",
    )
    NAME_PAIR = (4.0, "hai từ liền nhau trong tên sản phẩm", "two words side by side in the product's name")
    OTHER_PAIR = (3.5, "hai từ liền nhau trong tên chủ thể, địa danh", "two words side by side elsewhere")
    NAME_BEGINS = (3.0, "tên sản phẩm bắt đầu bằng từ tìm kiếm", "the name begins with the first word typed")
    SAME_MARKS = (1.0, "đúng cả dấu như đã gõ", "the same marks as typed")

    def __init__(self, points: float, vietnamese: str, english: str) -> None:
        self.points = points
        self.vietnamese = vietnamese
        self.english = english
