"""How alike photos must be: the only place where these numbers stand.

`python -m models.evaluation.duplicates` measures what they bring and prints what the neighbouring values would.
"""

from __future__ import annotations

from typing import Final

# Cosines of the pack's vectors. Copies that were resized, recompressed or recoloured lie above 0.94, crops of 80 % above 0.82,
# grey copies above 0.65, half of them above 0.82; of 6,091 captioned photos one pair in 9,000 lies above 0.75. So a pair is
# looked at when it is nearer than NEAR, and the few nearest of each photo when they are nearer than FAR.
NEAR: Final = 0.8
FAR: Final = 0.65
FEW: Final = 3
# More neighbours of one photo are not looked at: they are a series, or a screen full of nothing.
MOST: Final = 8

# Agreement on the way from coarse to fine, below which a pair is given up. Of 300 copies made of 14 photos (resized,
# recompressed, lighter, darker, grey, cropped to 80 %, mirrored, turned) the lowest were 0.75, 0.72 and 0.80 apart from those
# with a mark or a frame drawn over them; seven of eight pairs of different photos end at the first.
AGREES_8: Final = 0.75
AGREES_16: Final = 0.75
AGREES_32: Final = 0.8
AGREES_64: Final = 0.9

# The verdict. Of the same copies the lowest were 0.985 and 0.905 (photos turned by 3 degrees with black corners; one crop of 84
# was given up on the way); of the most alike pairs of captioned photos the highest that are not the same picture were 0.974 and
# 0.90: two shots of one car window through which a man is seen. Copies with a frame around them reach 0.967 to 0.985.
SAME_WHOLE: Final = 0.98
SAME_WORST: Final = 0.87
# Of detail the same copies keep 0.90 at least; two shots of a garden against the evening sky, 0.984 alike in all, have 0.41,
# the two of the car window 0.89.
SAME_DETAIL: Final = 0.83

# Two exposures of one camera whose clock tells them apart are never one picture, however still everything stood; an export
# that corrects the zone moves the clock by quarters of an hour.
ZONE_STEP_SECONDS: Final = 900.0
CLOCK_SECONDS: Final = 1.0

# A burst: so near in time, and so alike. With both, the walk around one tree (23 photos in two minutes) is one group; at 20
# seconds it is two, at 15 four.
BURST_SECONDS: Final = 30.0
BURST_LIKENESS: Final = 0.75
