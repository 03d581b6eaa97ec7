"""What was measured at a point, quantity by quantity, as the DSO's own staff sees it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from gridlingua.services.context import Context
from gridlingua.services.data_sharing.domain import instant_of
from gridlingua.services.data_sharing.messages import Measured
from gridlingua.services.data_sharing.periods import quarters
from gridlingua.services.data_sharing.tables import POINTS, READINGS
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.pages import Window
from gridlingua.services.refusals import NotFoundError

# Of each quantity of the message, how it is kept: the column, and how many of what is kept its unit is
_KEPT = {
    "active_withdrawn": ("withdrawn_w", 3),
    "active_injected": ("injected_w", 3),
    "reactive_withdrawn": ("withdrawn_var", 3),
    "reactive_injected": ("injected_var", 3),
    "voltage": ("voltage_mv", 3),
    "current": ("current_ma", 3),
}


def measured(here: Context, meter: str, period: Period, page: Window) -> list[Measured]:
    """A page of the readings of a point, in order of time, each with all of its quantities.

    Raises ``NotFoundError`` for a meter there is not, ``RefusedError`` for a period without a whole quarter-hour.
    """
    first, last = quarters(here.zone, period, 1)
    with here.database.reading() as connection:
        point = connection.execute(select(POINTS.c.id).where(POINTS.c.meter_id == meter)).scalar_one_or_none()
        if point is None:
            raise NotFoundError(f"no point has meter {meter}")
        within = (READINGS.c.point == point) & (READINGS.c.quarter >= first) & (READINGS.c.quarter < last)
        query = select(READINGS).where(within).order_by(READINGS.c.quarter).offset(page.after).limit(page.reach)
        rows = connection.execute(query).mappings().all()
    return [
        Measured.model_validate(
            {name: _in_unit(row[column], exponent) for name, (column, exponent) in _KEPT.items()}
            | {"tap": row["tap"], "meter_id": meter, "time": Instant.of(instant_of(row["quarter"], here.zone))}
        )
        for row in rows
    ]


def _in_unit(kept: int | None, exponent: int) -> Decimal | None:
    return None if kept is None else Decimal(format(Decimal(kept).scaleb(-exponent).normalize(), "f"))
