"""Rows without repetition, whatever they bind and in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.semantics.rows import Row, Rows, distinct

rows = st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(['"1"', '"2"']), max_size=3), max_size=8)


@given(rows)
def test_distinct_keeps_the_first_of_equal_rows(given_rows: Rows) -> None:
    found: Rows = []
    for row in given_rows:
        if row not in found:
            found.append(row)
    assert distinct(iter(given_rows)) == found


def test_the_order_in_which_a_row_binds_says_nothing() -> None:
    one: Row = {"a": '"1"', "b": '"2"'}
    assert distinct([one, {"b": '"2"', "a": '"1"'}, {"b": '"1"', "a": '"2"'}]) == [one, {"b": '"1"', "a": '"2"'}]
