"""Files of points and readings into a real database: all of a file, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gridlingua.services.data_sharing import sheets, store
from gridlingua.services.data_sharing.importing import Listener, Rules, import_sheet
from gridlingua.services.data_sharing.sheets import opened
from gridlingua.services.data_sharing.tables import READINGS as TABLE
from gridlingua.services.refusals import RefusedError
from gridlingua.storage import Database

from .conftest import MIDNIGHT, POINTS, READINGS, day, homes_day, street, written

Take = Callable[..., Any]
POWER = "meter_id,time,active_withdrawn_kW"


def kept(database: Database) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(TABLE).order_by(TABLE.c.point, TABLE.c.quarter))]


def at(quarter: int) -> str:
    return (MIDNIGHT + quarter * timedelta(minutes=15)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def home(take: Take) -> Take:
    """One home, whose readings are taken."""
    assert take("meter_id,kind,zone", ["M1,LVClient,Z1", "M2,LVClient,Z1"])[0].added == 2
    return take


def test_points_of_every_kind_are_imported_and_told_as_they_were(take: Take, grid: Database) -> None:
    outcome, bad = take(POINTS, street())
    assert (outcome.rows, outcome.added, outcome.is_imported, bad) == (64, 64, True, [])
    with grid.reading() as connection:
        points = {point.meter_id: point for point in store.all_points(connection)}
        assert len(store.all_customers(connection)) == 62
    assert (points["PT0003"].user, points["PT0003"].secondary_feeder) == ("U0003", "SS1.1")
    assert (points["PS1"].kind, points["PS1"].user) == ("PrimarySubstation", None)
    assert take(POINTS, street())[0].known == 64


def test_a_client_without_a_user_is_known_by_the_meter(take: Take, grid: Database) -> None:
    take("meter_id,kind,zone", ["M1,LVClient,Z1"])
    with grid.reading() as connection:
        assert [one.user for one in store.all_customers(connection)] == ["M1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("M1,Client,,Z1,,,,,", "kind: Input should be 'LVClient'"),
        (",LVClient,,Z1,,,,,", "meter_id: it is missing"),
        ("M 1,LVClient,,Z1,,,,,", "meter_id: String should match pattern"),
        ("M1,LVClient,,,,,,,", "LVClient M1 needs the zone that it is in"),
        ("M1,SecondarySubstation,U1,,,,,,", "M1 is a SecondarySubstation: it has no user"),
        ("M1,MVClient,,Z1,,SS1,,,", "M1 is a MVClient, which has no secondarySubstation"),
        ("M1,PrimarySubstation,,,,,,PS1,", "M1 is a PrimarySubstation, which has no primarySubstation"),
        ("M1,LVClient,,Z1,,,SS1.1,,", "M1 names a feeder without its secondarySubstation"),
        ("M1,LVClient,,Z1,,,,", "there are 8 cells, and 9 headings"),
        ("PT0001,LVClient,U0001,Z9,4000-100,SS1,SS1.1,PS1,PS1.1", "PT0001 is known with zone Z1; what is known"),
        ("M1,LVClient,U0001,Z1,,,,,", "user U0001 has the meter PT0001 already; a user has one"),
    ],
)
def test_a_bad_point_is_told_by_line_and_keeps_the_file_out(take: Take, grid: Database, line: str, reason: str) -> None:
    take(POINTS, street())
    outcome, bad = take(POINTS, ["NEW,LVClient,,Z1,,,,,", line])
    assert (outcome.is_imported, [one.line for one in bad]) == (False, [3])
    assert reason in bad[0].reason
    with grid.reading() as connection:
        assert len(store.all_points(connection)) == 64
    assert take(POINTS, ["NEW,LVClient,,Z1,,,,,", line], skip_bad=True)[0].is_imported
    with grid.reading() as connection:
        assert len(store.all_points(connection)) == 65


def test_points_are_replaced_on_request_and_keep_their_readings(take: Take, grid: Database) -> None:
    take(POINTS, street())
    take(READINGS, list(day("PT0001")))
    moved = "PT0001,LVClient,U0001,Z9,4000-100,SS1,SS1.1,PS1,PS1.1"
    outcome, _ = take(POINTS, [moved, moved], replace=True)
    assert (outcome.changed, outcome.known, outcome.is_imported) == (1, 1, True)
    again, bad = take(POINTS, [moved.replace("Z9", "Z8"), moved], replace=True)
    assert (again.is_imported, bad[0].reason) == (False, "line 2 says something else of PT0001")
    with grid.reading() as connection:
        assert [one.zone for one in store.all_customers(connection) if one.user == "U0001"] == ["Z9"]
        number = store.customer_id(connection, "U0001")
        assert number is not None
        assert len(store.readings(connection, number, 0, 2**31 - 1)) == 96


def test_readings_of_all_quantities_are_kept_in_whole_units(home: Take, grid: Database) -> None:
    heading = "meter_id,time,active_withdrawn_MW,active_injected_W,reactive_withdrawn_kvar,voltage_kV,current_A,TAP"
    home("meter_id,kind", ["PS1,PrimarySubstation"])
    outcome, bad = home(heading, [f"PS1,{at(0)},12.0345,,4.4,63.012,1e2,-3", f"PS1,{at(1)},,0,,,,"])
    assert (outcome.is_imported, bad) == (True, [])
    quarter = int(MIDNIGHT.timestamp()) // 900
    assert kept(grid) == [
        (3, quarter, 12_034_500, None, 4400, None, 63_012_000, 100_000, -3),
        (3, quarter + 1, None, 0, None, None, None, None, None),
    ]


def test_times_may_be_told_in_any_zone_and_values_finer_than_is_kept_are_rounded(home: Take, grid: Database) -> None:
    home(POWER, ["M1,2026-11-19T01:00:00+01:00,0.0005", "M1,2026-11-19T00:15:00.000Z,0.0015"])
    assert [row[2] for row in kept(grid)] == [0, 2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"M9,{at(1)},1", "there is no point with the meter 'M9'; import the points first"),
        ("M1,2026-11-19T00:15:00,1", "'2026-11-19T00:15:00' is no time with a zone"),
        ("M1,2026-11-19T00:16:00Z,1", "2026-11-19T00:16:00Z does not begin a quarter-hour"),
        (f"M1,{at(1)},-0.1", "active_withdrawn '-0.1' is below zero"),
        (f"M1,{at(1)},nan", "active_withdrawn 'nan' is no number"),
        (f"M1,{at(1)},1_000", "active_withdrawn '1_000' is no number"),
        (f'M1,{at(1)},"0,4"', "decimals are written with a point"),
        (f"M1,{at(1)},2147484", "is more than can be kept; is the unit right?"),
        (f"M1,{at(1)},1e9999", "is more than can be kept"),
        (f"M1,{at(1)},", "there is no value; a gap is no row at all"),
        (f"M1,{at(1)}", "there are 2 cells, and 3 headings"),
        (f"M1,{at(0)},2", "line 2 says something else of the same meter and time"),
        (f"M1,{at(1)},\udcff", "is no number"),
    ],
)
def test_a_bad_reading_is_told_by_line_and_keeps_the_file_out(
    home: Take, grid: Database, line: str, reason: str, tmp_path: Path
) -> None:
    lines = [f"M1,{at(0)},1", line, f"M2,{at(0)},1"]
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([POWER, *lines]), encoding="utf-8", errors="surrogateescape")
    for skip_bad, count in ((False, 0), (True, 2)):
        bad: list[Any] = []
        with opened(path) as sheet:
            outcome = import_sheet(grid, sheet, Rules(skip_bad), Listener(bad.append))
        assert (outcome.is_imported, [one.line for one in bad], len(kept(grid))) == (skip_bad, [3], count)
        assert reason in bad[0].reason


def test_every_row_is_judged_although_the_first_is_bad(home: Take) -> None:
    lines = [f"M1,{at(quarter)},{-1 if quarter % 2 else 1}" for quarter in range(12_000)]
    outcome, bad = home(POWER, lines)
    assert (outcome.rows, outcome.bad, len(bad), len(outcome.first)) == (12_000, 6_000, 6_000, 100)
    assert [one.line for one in bad[-2:]] == [11_999, 12_001]


def test_the_same_file_again_is_no_news(take: Take, grid: Database) -> None:
    take(POINTS, street())
    first, _ = take(READINGS, homes_day())
    before = kept(grid)
    again, bad = take(READINGS, homes_day())
    assert (first.added, again.known, again.added, bad) == (60 * 96, 60 * 96, 0, [])
    assert kept(grid) == before


def test_what_is_known_otherwise_is_refused_or_replaced_on_request(home: Take, grid: Database) -> None:
    home(POWER, [f"M1,{at(quarter)},1" for quarter in range(10)])
    other = [f"M1,{at(quarter)},{2 if quarter == 4 else 1}" for quarter in range(8, 2, -1)] + [f"M2,{at(0)},5"]
    refused, bad = home(POWER, other)
    assert (refused.is_imported, [one.line for one in bad]) == (False, [6])
    assert "it is known with another value" in bad[0].reason
    skipped, _ = home(POWER, other, skip_bad=True)
    assert (skipped.is_imported, skipped.added, skipped.changed, skipped.known) == (True, 1, 0, 5)
    assert {row[2] for row in kept(grid) if row[0] == 1} == {1000}
    replaced, _ = home(POWER, other, replace=True)
    assert (replaced.is_imported, replaced.changed, replaced.known) == (True, 1, 6)
    assert sum(row[2] for row in kept(grid) if row[0] == 1) == 11_000


def test_quantities_that_come_later_complete_what_is_known(home: Take, grid: Database) -> None:
    home(POWER, [f"M1,{at(quarter)},1" for quarter in range(3)])
    outcome, bad = home("meter_id;time;voltage_V;active_withdrawn_W", [f"M1;{at(1)};231.5;", f"M1;{at(2)};230;1000"])
    assert (outcome.changed, outcome.is_imported, bad) == (2, True, [])
    assert [(row[2], row[6]) for row in kept(grid)] == [(1000, None), (1000, 231_500), (1000, 230_000)]


def test_a_file_that_contradicts_itself_is_refused_however_far_apart(home: Take, grid: Database) -> None:
    lines = [f"M1,{at(quarter)},1" for quarter in range(sheets.ROWS + 10)] + [f"M1,{at(3)},2"]
    for rules in ({}, {"replace": True}):
        outcome, bad = home(POWER, lines, **rules)
        assert (outcome.is_imported, [one.line for one in bad], kept(grid)) == (False, [sheets.ROWS + 12], [])


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("meter_id,active_withdrawn_kW", "there is no column kind; a file of points has meter_id, kind"),
        ("time,active_withdrawn_kW", "there is no column meter_id; a file of readings has meter_id, time"),
        ("meter_id,time", "there is no quantity; the columns that can be there are active_withdrawn_W"),
        ("meter_id,time,active_withdrawn", "there is no quantity"),
        ("meter_id,time,tap,active", "column 'active' is not known; there are meter_id, time, active_withdrawn_W"),
        ("meter_id,time,voltage_V,voltage_kV", "voltage is there in two units"),
        ("meter_id,time,tap,TAP", "column 'tap' is there twice"),
        ("meter_id,kind,colour", "column 'colour' is not known; there are meter_id, kind"),
        ("", "the file is empty"),
        ("x" * 200_000, "line 1: field larger than field limit"),
    ],
)
def test_a_file_with_other_columns_is_refused(take: Take, heading: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        take(heading, [])


def test_a_file_that_cannot_be_read_to_its_end_imports_nothing(home: Take, grid: Database) -> None:
    lines = [f"M1,{at(quarter)},1" for quarter in range(sheets.ROWS + 10)] + [f'M1,"{at(3)},2']
    with pytest.raises(RefusedError, match=f"line {sheets.ROWS + 12}: .*from there on the file cannot be read"):
        home(POWER, lines)
    assert kept(grid) == []


def test_a_client_has_no_tap(home: Take) -> None:
    _, bad = home("meter_id,time,tap", [f"M1,{at(0)},3", f"M1,{at(1)},"])
    assert [one.reason for one in bad] == [
        "a client has no tap; this is a substation's",
        "there is no value; a gap is no row at all",
    ]


def parquet(path: Path, **columns: Any) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), path)
    return path


def test_parquet_says_what_csv_says(take: Take, grid: Database, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    take(POINTS, street())
    lines = [line.split(",") for line in homes_day(6)]
    times = [datetime.fromisoformat(line[1]) for line in lines]
    path = parquet(
        tmp_path / "readings.parquet",
        meter_id=[line[0] for line in lines],
        time=pyarrow.array(times, pyarrow.timestamp("ns", "Europe/Lisbon")),
        active_withdrawn_kW=pyarrow.array([float(line[2]) for line in lines], pyarrow.float32()),
        active_injected_W=[round(float(line[3]) * 1000) for line in lines],
        reactive_withdrawn_kvar=[Decimal(line[4]) for line in lines],
        reactive_injected_kvar=[line[5] for line in lines],
        voltage_V=[float(line[6]) for line in lines],
    )
    with opened(path) as sheet:
        outcome = import_sheet(grid, sheet, Rules(), Listener())
    assert (outcome.added, outcome.bad, sheet.size) == (576, 0, 576)
    assert take(READINGS, homes_day(6))[0].known == 576


def test_bad_rows_of_parquet_are_told_by_number_and_as_text(home: Take, grid: Database, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    times = pyarrow.array([MIDNIGHT, MIDNIGHT + timedelta(minutes=1), None], pyarrow.timestamp("us", "UTC"))
    path = parquet(tmp_path / "x.parquet", meter_id=["M1", "M1", None], time=times, active_withdrawn_kW=[1.5, 1.0, 2.0])
    bad: list[Any] = []
    with opened(path) as sheet:
        assert not import_sheet(grid, sheet, Rules(), Listener(bad.append)).is_imported
    assert [(one.line, one.cells) for one in bad] == [(2, ["M1", "2026-11-19T00:01:00Z", "1.0"]), (3, ["", "", "2.0"])]
    assert "does not begin a quarter-hour" in bad[0].reason


def test_parquet_that_cannot_be_read_is_refused_in_words(home: Take, grid: Database, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    naive = [datetime(2026, 11, 19)]
    for columns, said in (
        ({"time": naive}, "column time: its times have no zone"),
        ({"time": [MIDNIGHT], "tap": [True]}, "column tap: bool is neither a number nor a text nor a time"),
    ):
        with (
            pytest.raises(RefusedError, match=said),
            opened(parquet(tmp_path / "x.parquet", meter_id=["M1"], **columns)),
        ):
            pass
    numbers = parquet(tmp_path / "x.parquet", meter_id=["M1"], time=[0], tap=[1])
    with opened(numbers) as sheet:
        outcome = import_sheet(grid, sheet, Rules(), Listener())
    assert "'0' is no time with a zone" in outcome.first[0].reason
    (tmp_path / "no.parquet").write_text("meter_id,time")
    with pytest.raises(RefusedError, match="this is no Parquet file"), opened(tmp_path / "no.parquet"):
        pass


def test_without_pyarrow_parquet_is_refused_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "x.parquet").write_bytes(b"")
    remedy = r"pip install 'gridlingua\[parquet\]', or give the file as CSV"
    with pytest.raises(RefusedError, match=remedy), opened(tmp_path / "x.parquet"):
        pass


def test_a_file_of_rejects_can_be_imported_when_it_is_mended(home: Take) -> None:
    outcome, _ = home("line,reason,meter_id,time,active_withdrawn_kW", [f"7,no such meter,M1,{at(0)},1"])
    assert (outcome.added, outcome.is_imported) == (1, True)


def test_progress_reaches_the_size_of_the_file(home: Take, grid: Database, tmp_path: Path) -> None:
    told: list[int] = []
    path = written(tmp_path / "x.csv", POWER, [f"M1,{at(quarter)},1" for quarter in range(20_000)])
    with opened(path) as sheet:
        import_sheet(grid, sheet, Rules(), Listener(advanced=told.append))
        assert (sum(told), len(told) > 2) == (sheet.size, True)


def test_times_of_another_century_are_no_readings(home: Take) -> None:
    _, bad = home(POWER, ["M1,1899-12-31T23:45:00Z,1"])
    assert "is not of the years 1900 to 2199" in bad[0].reason


def test_the_zone_of_a_time_is_not_forgotten_at_the_end_of_summer(home: Take, grid: Database) -> None:
    berlin = [f"2026-10-25T02:{minute:02d}:00{offset}" for offset in ("+02:00", "+01:00") for minute in (0, 15, 30, 45)]
    outcome, _ = home(POWER, [f"M1,{time},1" for time in berlin])
    first = int(datetime(2026, 10, 25, tzinfo=UTC).timestamp()) // 900
    assert (outcome.added, [row[1] for row in kept(grid)]) == (8, list(range(first, first + 8)))


def test_a_postal_code_is_written_as_the_post_of_its_country_writes_it(take: Take, grid: Database) -> None:
    heading = "meter_id,kind,user,zone,postal_code"
    codes = ["2311 EZ", "4200-013", "75011", "104 31"]
    good = [f"M{number},LVClient,U{number},Z1,{code}" for number, code in enumerate(codes)]
    outcome, bad = take(heading, [*good, "M9,LVClient,U9,Z1,4200-01"], skip_bad=True)
    assert (outcome.added, len(bad)) == (4, 1)
    assert "'4200-01' is no Portuguese postal code" in bad[0].reason
    with grid.reading() as connection:
        assert [point.postal_code for point in store.all_points(connection)] == codes
