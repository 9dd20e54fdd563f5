"""Charts made on the server: bars as high as their figures, kinds told apart by a hatch, and the figures as a table."""

import pytest

from shared.console.charts import HEIGHT, stacked


def test_bars_stand_on_each_other_and_are_as_high_as_their_figures() -> None:
    chart = stacked("c", "件数", "件", ["1月", "2月"], {"甲": [1, 0], "乙": [3, 4]})
    first, second, third = chart.bars
    assert [each.kind for each in chart.bars] == [0, 1, 1]
    assert second.height == pytest.approx(3 * first.height, abs=0.2)
    assert third.height == pytest.approx(4 * first.height, abs=0.2)
    assert first.y == pytest.approx(second.y + second.height, abs=0.2)
    assert first.told == "1月 甲 1件"
    assert [each.text for each in chart.totals] == ["4", "4"]
    assert chart.rows == [("1月", [1, 3]), ("2月", [0, 4])]


@pytest.mark.parametrize(
    ("most", "top"), [(0, "4"), (4, "4"), (5, "8"), (9, "20"), (81, "200"), (5000, "8000")]
)
def test_the_axis_ends_at_a_round_figure_above_the_highest_bar(most: int, top: str) -> None:
    chart = stacked("c", "件数", "件", ["1月"], {"甲": [most]})
    assert chart.ticks[-1].text == top
    assert all(0 <= each.y <= HEIGHT and each.height >= 0 for each in chart.bars)


def test_many_months_are_labelled_now_and_then_and_nothing_at_all_is_said_to_be_empty() -> None:
    labels = [f"{month}月" for month in range(24)]
    assert len(stacked("c", "件数", "件", labels, {"甲": [1] * 24}).labels) == 12
    assert stacked("c", "件数", "件", [], {"甲": []}).empty
    assert stacked("c", "件数", "件", ["1月"], {"甲": [0]}).empty
