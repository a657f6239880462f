"""Plots as markup: lengths in proportion, every value written, nothing that the policy refuses."""

import xml.etree.ElementTree as ET

import pytest

from server.moderation.plots import Column, Row, plot

pytestmark = pytest.mark.one_engine

SVG = {"": "http://www.w3.org/2000/svg"}


def parse(markup: str) -> ET.Element:
    """The plot as XML, which is stricter than HTML: well formed or an error."""
    return ET.fromstring(str(markup).replace("<svg class", '<svg xmlns="http://www.w3.org/2000/svg" class', 1))


def percent(element: ET.Element, name: str) -> float:
    return float(element.attrib[name].removesuffix("%"))


def em(element: ET.Element, name: str) -> float:
    return float(element.attrib[name].removesuffix("em"))


TWO = [Column("done"), Column("gone")]


def test_lengths_are_in_proportion_and_share_one_scale():
    drawn = parse(plot("t", TWO, [Row("a", [(10, "10"), (5, "5")]), Row("b", [(2.5, "2,5"), (0, "")])]))
    bars = drawn.findall("rect", SVG)
    assert [bar.attrib["class"] for bar in bars] == ["t-done", "t-gone", "t-done"]
    longest, half, quarter = (percent(bar, "width") for bar in bars)
    assert half == pytest.approx(longest / 2, abs=0.01) and quarter == pytest.approx(longest / 4, abs=0.01)


def test_every_value_and_label_is_written_and_nothing_else():
    drawn = parse(plot("t", TWO, [Row("a", [(10, "dix"), (5, "cinq")]), Row("b", [(0, ""), (0, "")])]))
    assert [text.text for text in drawn.findall("text", SVG)] == ["a", "dix", "cinq", "b"]
    assert drawn.attrib["role"] == "img" and drawn.find("title", SVG).text == "t"


@pytest.mark.parametrize("above", [False, True])
def test_nothing_is_drawn_outside_or_on_top_of_another(above):
    rows = [Row(str(n), [(n, str(n)), (12 - n, str(12 - n))]) for n in range(1, 12)]
    drawn = parse(plot("t", [Column("done", "/s#a"), Column("gone", "/s#b")], rows, labels_above=above))
    bars = drawn.findall("rect", SVG)
    first, second = bars[::2], bars[1::2]
    assert max(percent(bar, "x") + percent(bar, "width") for bar in first) < min(percent(bar, "x") for bar in second)
    assert max(percent(bar, "x") + percent(bar, "width") for bar in bars) <= 100
    assert max(em(bar, "y") + em(bar, "height") for bar in bars) < em(drawn, "height")
    assert min(em(bar, "y") for bar in bars) > 1.5
    ends = [em(bar, "y") + em(bar, "height") for bar in first]
    baselines = [em(text, "y") for text in drawn.findall("text", SVG)[::3]]
    assert all(after - end > 0.9 for end, after in zip(ends, baselines[1:], strict=False))


def test_what_people_typed_is_text():
    markup = plot('<b>"t" & u</b>', [Column("done")], [Row("<script>", [(1, "<1 & 2>")])])
    assert "<script>" not in markup and "<b>" not in markup
    drawn = parse(markup)
    assert [text.text for text in drawn.findall("text", SVG)] == ["<script>", "<1 & 2>"]
    assert drawn.find("title", SVG).text == '<b>"t" & u</b>'


def test_no_style_and_no_colour_is_in_the_markup():
    markup = plot("t", TWO, [Row("a", [(1, "1"), (1, "1")])])
    assert not any(word in markup for word in ("style", "fill=", "stroke=", "#", "onload"))


def test_no_rows_are_an_empty_plot_and_a_missing_value_is_an_error():
    assert parse(plot("t", TWO, [])).findall("text", SVG) == []
    with pytest.raises(ValueError):
        plot("t", TWO, [Row("a", [(1, "1")])])
