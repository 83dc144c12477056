"""The sound of a film as a plan: what is heard, from when, how loud."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Ramp:
    """A linear gain change over timeline seconds [start_s, stop_s]; constant outside. Ramps of a sound multiply."""

    start_s: Fraction
    stop_s: Fraction
    from_gain: float
    to_gain: float


@dataclass(frozen=True, slots=True)
class Sound:
    """One audible element.

    At timeline second t in [start_s, stop_s) it plays the source's second in_point_s + (t − start_s)·speed, pitch
    kept; silence where the source has ended. `in_point_s` may be negative: silence until the source begins.
    """

    source_url: str
    start_s: Fraction
    stop_s: Fraction
    in_point_s: Fraction
    speed: Fraction
    gain: float
    ramps: tuple[Ramp, ...] = ()
