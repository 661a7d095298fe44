"""Reads a transfer's QR code as a bank's app does, without the code that writes it."""

from binascii import crc_hqx

from marketplace.payments.vietqr import Payload


def read_payload(text: str) -> Payload:
    """Return what a QR code asks for; its checksum, its lengths and its fixed fields are right."""
    signed, check = text[:-4].encode("ascii"), text[-4:]
    assert f"{crc_hqx(signed, 0xFFFF):04X}" == check
    outer = _fields(text)
    to = _fields(outer["38"])
    account, amount = _fields(to["01"]), outer.get("54")
    fixed = (outer["00"], outer["01"], to["00"], to["02"], outer["53"], outer["58"])
    assert fixed == ("01", "12" if amount else "11", "A000000727", "QRIBFTTA", "704", "VN")
    return Payload(
        bank_bin=account["00"],
        account=account["01"],
        amount=int(amount) if amount else None,
        message=_fields(outer.get("62", "")).get("08"),
    )


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    while text:
        name, length = text[:2], int(text[2:4])
        found[name] = text[4 : 4 + length]
        assert len(found[name]) == length
        text = text[4 + length :]
    return found
