"""Why a file is not taken as a picture; each carries the file's name, for whoever sent several."""

from typing import ClassVar

from marketplace.errors import MarketplaceError


class PictureRefused(MarketplaceError):
    """A file that cannot be taken as a picture; `name` is what its owner calls it."""

    code = "picture_refused"
    status: ClassVar[int] = 422

    def __init__(self, *, name: str = "", **parameters: object) -> None:
        super().__init__(name=name or "—", **parameters)


class PictureEmpty(PictureRefused):
    """A file of no bytes."""

    code = "picture_empty"


class PictureTooLarge(PictureRefused):
    """More bytes than `most` MB."""

    code = "picture_too_large"


class PictureOfOtherKind(PictureRefused):
    """Neither JPEG nor PNG nor WebP by its content, whatever its name says; `kind` is what it looks like."""

    code = "picture_of_other_kind"


class PictureMixed(PictureRefused):
    """A picture that is a page, a program, a document or an archive at the same time."""

    code = "picture_mixed"


class PictureAnimated(PictureRefused):
    """A picture that moves."""

    code = "picture_animated"


class PictureTooManyPixels(PictureRefused):
    """More than `most` megapixels, or a side longer than a picture's may be."""

    code = "picture_too_many_pixels"


class PictureTooSmall(PictureRefused):
    """Shorter than `least` pixels on one side."""

    code = "picture_too_small"


class PictureTooNarrow(PictureRefused):
    """A strip: one side more than `most` times as long as the other."""

    code = "picture_too_narrow"


class PictureDamaged(PictureRefused):
    """A file that ends too early or contradicts itself."""

    code = "picture_damaged"


class PictureTooHeavy(PictureRefused):
    """Opening it takes more memory or time than a picture may."""

    code = "picture_too_heavy"


class ArchiveRefused(PictureRefused):
    """A ZIP file of pictures that is not read; `name` is the ZIP's or that of the entry at fault."""

    code = "archive_refused"


class ArchiveDamaged(ArchiveRefused):
    """Not a ZIP file, a broken one, or one with a password."""

    code = "archive_damaged"


class ArchiveTooLarge(ArchiveRefused):
    """More bytes than `most` MB, packed or unpacked."""

    code = "archive_too_large"


class ArchiveTooMany(ArchiveRefused):
    """More than `most` files."""

    code = "archive_too_many"


class ArchiveBomb(ArchiveRefused):
    """Unpacks to much more than pictures do, or says other sizes than it has."""

    code = "archive_bomb"


class ArchiveEntryRefused(ArchiveRefused):
    """An entry that leads out of the archive, is an archive itself, a link, or bears another entry's name."""

    code = "archive_entry_refused"


REFUSALS: dict[str, type[PictureRefused]] = {
    one.code: one
    for one in (
        PictureEmpty,
        PictureTooLarge,
        PictureOfOtherKind,
        PictureMixed,
        PictureAnimated,
        PictureTooManyPixels,
        PictureTooSmall,
        PictureTooNarrow,
        PictureDamaged,
        PictureTooHeavy,
    )
}
"""By code: what the process that opens pictures may answer."""


class DocumentRefused(MarketplaceError):
    """A file that is not taken as a document; `name` is what its owner calls it."""

    code = "document_refused"
    status: ClassVar[int] = 422

    def __init__(self, *, name: str = "", **parameters: object) -> None:
        super().__init__(name=name or "—", **parameters)


class DocumentEmpty(DocumentRefused):
    """A file of no bytes."""

    code = "document_empty"


class DocumentTooLarge(DocumentRefused):
    """More bytes than `most` MB."""

    code = "document_too_large"


class DocumentOfOtherKind(DocumentRefused):
    """No PDF by its content, whatever its name says."""

    code = "document_of_other_kind"


class DocumentDamaged(DocumentRefused):
    """A PDF that ends too early, or whose parts cannot be read."""

    code = "document_damaged"


class DocumentLocked(DocumentRefused):
    """A PDF with a password: nobody can say what it would do when it is opened."""

    code = "document_locked"


class DocumentActive(DocumentRefused):
    """A PDF that does something by itself, or carries other files; `what` is the name of that in PDF."""

    code = "document_active"
