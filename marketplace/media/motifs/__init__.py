"""What woodblock prints show: every motif by its name."""

from marketplace.media.motifs.crafts import CRAFTS, DRINKS, HERBS, PLACES
from marketplace.media.motifs.drawing import Motif
from marketplace.media.motifs.fresh import FRESH
from marketplace.media.motifs.pantry import PANTRY

MOTIFS: dict[str, Motif] = {**FRESH, **PANTRY, **DRINKS, **HERBS, **CRAFTS, **PLACES}
