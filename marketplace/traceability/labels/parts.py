"""The parts that a label has; all in points from its lower left corner."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def top(self, height: float) -> "Box":
        """Return its upper part, at most so high."""
        height = min(height, self.height)
        return Box(self.x, self.y + self.height - height, self.width, height)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text by the left end of its baseline."""

    x: float
    y: float
    size: float
    font: str
    text: str


@dataclass
class Layout:
    """Where each part lies; `number` says where a label's own number stands."""

    qr: Box
    lines: list[Line] = field(default_factory=list)
    number: Line | None = None
    matrix: Box | None = None
    ean: Box | None = None
    plate: Box | None = None
    pin: Box | None = None
