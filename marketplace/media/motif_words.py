"""Which motif a product gets: from the words of its name, else from its set, else from its group."""

import re
from functools import cache

from marketplace.text import clean

PALETTES: dict[str, tuple[str, ...]] = {
    "orange": ("#e8862e", "#f2b62a"),
    "yellow": ("#f2b62a", "#e8c34a"),
    "green": ("#7fb069", "#9bbf5e"),
    "leaf": ("#3f7d4e", "#5a9367"),
    "brown": ("#8c4a23", "#b5651d"),
    "dark": ("#4a2c1d", "#5b3a29"),
    "red": ("#c5402a", "#a8321f"),
    "purple": ("#7a3b69", "#8e4a7d"),
    "honey": ("#e39b23", "#d9861b"),
    "white": ("#fffdf4", "#f6f1e1"),
    "sand": ("#e9d9ae", "#dcc58c"),
    "pink": ("#eba58f", "#e27e6b"),
    "amber": ("#b5651d", "#9c4f22"),
    "teal": ("#1c5a63", "#2f7f86"),
    "pack": ("#3f7d4e", "#1c5a63", "#c5402a", "#e8862e"),
}

# Words of names, motifs to choose from, palette. Vietnamese says first what a thing is, so the words
# found earliest in the name decide; of several that begin there, the row that stands first.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("giấm", "syrup", "amber"),
    ("mật hoa dừa lên men", "spirit_bottle", "sand"),
    ("rượu sim, rượu mơ, rượu ba kích, rượu sâm, rượu mãng cầu, rượu nhung hươu", "spirit_bottle", "purple"),
    ("rượu men lá, rượu ngô, rượu mú từn", "gourd", "leaf"),
    ("rượu", "wine_jar", "white"),
    ("du lịch cộng đồng cồn, cồn chim", "boat", "teal"),
    ("du lịch, tham quan, homestay", "mountain", "teal"),
    ("hộp quà", "gift_box", "leaf"),
    ("nước mắm, mắm nước", "sauce_bottle", "amber"),
    ("nước tương, tương, xì dầu", "soy_bottle", "dark"),
    ("mắm", "crock", "brown"),
    ("dầu gội, nước rửa, sữa tắm, xà phòng", "pump_bottle", "green"),
    ("tinh dầu", "dropper", "amber"),
    ("dầu dừa", "oil_bottle", "white"),
    ("dầu mè đen", "oil_bottle", "dark"),
    ("dầu", "oil_bottle", "yellow"),
    ("nước ớt, sa tế, tương ớt", "soy_bottle", "red"),
    ("nước cốt canh, nước cốt", "syrup", "orange"),
    ("siro, mật hoa", "syrup", "honey"),
    ("nước khoáng, nước uống đóng chai", "water_bottle", "teal"),
    ("sữa", "milk_bottle", "green"),
    ("nước đông trùng, nước yến", "milk_bottle", "sand"),
    ("nước uống, nước ép", "juice", "orange"),
    ("mật ong", "honey_jar, honeycomb", "honey"),
    ("hạt ca cao, bột ca cao, ca cao", "cocoa_pod", "orange"),
    ("cà phê drip, cà phê phin, coffee, cà phê xay, cà phê catimor xay bột", "coffee", "brown"),
    ("cà phê", "coffee_beans", "brown"),
    ("chè lam", "candy", "honey"),
    ("trà đen, hồng đỉnh trà, hồng trà", "teapot", "brown"),
    ("trà tôm nõn, chè sạch, chè, nõn chè, trà shan tuyết, trà xanh, trà tn, trà an bằng", "teapot", "leaf"),
    ("trà túi lọc, trà nấm, trà linh chi, trà thảo dược", "tea_box", "green"),
    ("trà", "tea_cup", "green"),
    ("nhung hươu", "antler", "brown"),
    ("cao, thuốc", "mortar", "sand"),
    ("đông trùng", "cordyceps", "orange"),
    ("linh chi, nấm linh chi", "mushroom", "red"),
    ("mộc nhĩ", "mushroom", "dark"),
    ("nấm kim châm", "mushroom", "white"),
    ("nấm", "mushroom", "sand"),
    ("sâm", "root", "sand"),
    ("ngâm chân, lá xông", "sprig", "green"),
    ("nhang, hương trầm, hương", "incense", "amber"),
    ("yến chưng", "birds_bowl", "white"),
    ("yến", "nest", "sand"),
    ("xúc xích, lạp sườn, lạp xưởng, nem", "sausages", "red"),
    ("chả cá, chả viên, chả ức", "dried_fish", "orange"),
    ("giò, chả", "leaf_roll", "pink"),
    ("bánh chưng", "square_cake", "leaf"),
    ("bánh tét", "leaf_roll", "white"),
    ("bánh đa, bánh tráng, cơm cháy", "cracker", "sand"),
    ("kẹo cu đơ, cu đơ", "sandwich_cracker", "honey"),
    ("kẹo, bánh hạnh nhân, bánh dẻo, bánh", "candy", "red"),
    ("bún, miến, mỳ, mì, phở", "noodles", "white"),
    ("tinh bột nghệ, bột nghệ, nghệ", "root", "orange"),
    ("bơ đậu phộng", "jar", "honey"),
    ("lạc, đậu phộng, đậu phụng", "peanuts", "sand"),
    ("ngũ cốc, bột, tinh bột, bột nêm", "pouch", "pack"),
    ("gạo lứt, gạo tím", "rice_sack", "purple"),
    ("gạo, nếp", "rice_sack", "leaf"),
    ("cơm", "rice_bowl", "red"),
    ("gà ác", "eggs", "white"),
    ("trứng", "eggs", "sand"),
    ("thịt gà, gà, vịt, ngan", "hen", "orange"),
    ("bò khô, thịt bò, thịt lợn, thịt, giăm bông", "meat", "red"),
    ("mực", "squid", "pink"),
    ("sứa", "jellyfish", "pink"),
    ("rau câu", "seaweed", "leaf"),
    ("tôm, tép", "shrimp", "orange"),
    ("khô cá, cá khô, cá ngần khô", "dried_fish", "teal"),
    ("cá", "fish", "teal"),
    ("măng", "shoots", "sand"),
    ("tỏi đen", "garlic", "purple"),
    ("tỏi, hành, kiệu, dưa kiệu", "garlic", "white"),
    ("hạt tiêu, tiêu", "pepper", "dark"),
    ("ớt", "chilli", "red"),
    ("khổ qua, mướp đắng, dưa chuột", "gourd_fruit", "green"),
    ("dưa hấu", "melon", "leaf"),
    ("dưa kim hoàng hậu, dưa vàng, dưa", "melon", "yellow"),
    ("cam, quýt, chanh", "citrus_half", "orange"),
    ("bưởi non sấy, bưởi", "fruit", "yellow"),
    ("ổi, bơ, táo, lê", "fruit", "green"),
    ("hồng", "fruit", "orange"),
    ("xoài", "mango", "yellow"),
    ("nhãn, vải thiều, thanh nhãn, chôm chôm", "longan", "sand"),
    ("sầu riêng, mãng cầu, mít", "spiky_fruit", "green"),
    ("khóm, dứa", "pineapple", "orange"),
    ("dừa", "coconut", "white"),
    ("chuối", "banana", "yellow"),
    ("hạt sen, sen sấy, củ sen, sen", "lotus", "pink"),
    ("sachi, hạt", "seeds", "amber"),
    ("rau, cải", "greens", "green"),
    ("ống hút", "straws", "green"),
    ("đũa", "chopsticks", "amber"),
    ("môi muỗng, muỗng, dụng cụ nhà bếp, thìa", "spoons", "amber"),
    ("quạt", "fan", "sand"),
    ("chổi", "broom", "sand"),
    ("tranh", "picture", "sand"),
    ("bình phong", "screen", "amber"),
    ("chiếu, thảm", "mat", "yellow"),
    ("tơ, lụa, vải dèng, vải, thổ cẩm, áo", "cloth", "purple"),
    ("giỏ, đan, mây, tre, lục bình, đèn", "basket", "yellow"),
    ("kiểng, bonsai, cây cảnh", "bonsai", "red"),
    ("hoa", "lotus", "pink"),
)

SETS: dict[int, tuple[str, str]] = {
    1: ("greens", "green"),
    2: ("meat", "red"),
    3: ("rice_sack", "leaf"),
    4: ("honey_jar", "honey"),
    5: ("rice_bowl", "red"),
    6: ("pouch", "pack"),
    7: ("jar", "orange"),
    8: ("leaf_roll", "pink"),
    9: ("sauce_bottle", "amber"),
    10: ("pepper", "dark"),
    11: ("teapot", "leaf"),
    12: ("tea_cup", "green"),
    13: ("coffee_beans", "brown"),
    14: ("wine_jar", "white"),
    15: ("spirit_bottle", "purple"),
    16: ("water_bottle", "teal"),
    17: ("juice", "orange"),
    18: ("mortar", "sand"),
    19: ("pump_bottle", "green"),
    20: ("dropper", "amber"),
    21: ("basket", "yellow"),
    22: ("cloth", "purple"),
    23: ("lotus", "pink"),
    24: ("bonsai", "red"),
    25: ("birdcage", "amber"),
    26: ("mountain", "teal"),
}

GROUPS: dict[str, tuple[str, str]] = {
    "thuc-pham": ("rice_bowl", "red"),
    "do-uong": ("juice", "orange"),
    "duoc-lieu": ("sprig", "green"),
    "thu-cong": ("basket", "yellow"),
    "sinh-vat-canh": ("lotus", "pink"),
    "du-lich": ("mountain", "teal"),
}

UNKNOWN = ("basket", "yellow")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(rf"\b(?:{'|'.join(words.split(', '))})\b"), motifs, palette)
        for words, motifs, palette in WORDS
    )


def choose_motif(
    name: str, set_number: int | None, group_slug: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the motifs and main colours that suit a product; its slug picks one of each."""
    words = clean(name).lower()
    found = [
        (match.start(), row, motifs, palette)
        for row, (pattern, motifs, palette) in enumerate(_patterns())
        if (match := pattern.search(words))
    ]
    if found:
        _, _, motifs, palette = min(found)
        return tuple(motifs.split(", ")), PALETTES[palette]
    motif, palette = SETS.get(set_number or 0) or GROUPS.get(group_slug or "", UNKNOWN)
    return (motif,), PALETTES[palette]
