"""How much of the month's minutes is used, as a bar shows it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.billing.selectors import Allowance

_NEAR = 0.8


@dataclass(frozen=True, slots=True)
class MinutesUsed:
    """Minutes of the current month; `included` is None without an end. Shares are from 0 to 1."""

    used: float
    reserved: float
    included: float | None
    is_capped: bool
    resets_at: datetime

    @classmethod
    def of(cls, allowance: Allowance) -> "MinutesUsed":
        included = None if allowance.included_s is None else _minutes(allowance.included_s)
        used, reserved = _minutes(allowance.used_s), _minutes(allowance.reserved_s)
        return cls(used, reserved, included, allowance.is_capped, allowance.month.end)

    @property
    def share(self) -> float:
        """What is used or reserved of those that are included."""
        return self._share_of(self.used + self.reserved)

    @property
    def used_width(self) -> str:
        """The part of the bar that is used, as SVG takes widths."""
        return f"{self._share_of(self.used):.2%}"

    @property
    def taken_width(self) -> str:
        """The part of the bar that is used or reserved."""
        return f"{self.share:.2%}"

    @property
    def percent(self) -> int:
        return round(self.share * 100)

    @property
    def level(self) -> str:
        """The class of the bar: `full`, `near` from 80 % on, or none."""
        if self.share >= 1:
            return "full"
        return "near" if self.share >= _NEAR else ""

    def _share_of(self, minutes: float) -> float:
        if self.included is None:
            return 0.0
        return min(1.0, minutes / self.included) if self.included else 1.0


def _minutes(seconds: Decimal) -> float:
    return round(float(seconds / 60), 2)
