"""A page on paper as a picture, and how far two pictures differ, in squares that the eye would notice."""

from base64 import b64encode
from typing import Final

from playwright.sync_api import Page as Window

A4: Final = {"width": 794, "height": 1123}
"""CSS pixels."""
SQUARE: Final = 16
"""Side of a square in pixels, about a character of the print."""
NOTICED: Final = 0.12
"""By how much of its area the ink of a square may differ: another version of Chromium smooths its edges otherwise."""

_INK = """async ([first, second, square]) => {
  const ink = async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width; canvas.height = image.height;
    const context = canvas.getContext("2d", {willReadFrequently: true});
    context.drawImage(image, 0, 0);
    const rows = [], pixels = context.getImageData(0, 0, image.width, image.height).data;
    for (let top = 0; top < image.height; top += square) {
      const row = [];
      for (let left = 0; left < image.width; left += square) {
        let dark = 0, all = 0;
        for (let y = top; y < Math.min(top + square, image.height); y++)
          for (let x = left; x < Math.min(left + square, image.width); x++) {
            const at = 4 * (y * image.width + x);
            dark += 255 - (pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3; all += 255;
          }
        row.push(dark / all);
      }
      rows.push(row);
    }
    return rows;
  };
  return [await ink(first), await ink(second)];
}"""


def on_paper(window: Window, before: str = "") -> bytes:
    """The page that a window shows, as it is printed on A4, as a PNG; the window itself stays as it is.

    ``before`` is a script that changes the page first.
    """
    paper = window.context.new_page()
    try:
        paper.set_viewport_size(A4)
        paper.goto(window.url)
        paper.emulate_media(media="print")
        if before:
            paper.evaluate(before)
        return paper.screenshot(full_page=True)
    finally:
        paper.close()


def share_that_differs(window: Window, first: bytes, second: bytes) -> float:
    """The share of all squares in which two pictures differ so that it is noticed; where one ends the other differs."""
    blank = window.context.new_page()
    try:
        one, other = blank.evaluate(_INK, [b64encode(each).decode() for each in (first, second)] + [SQUARE])
    finally:
        blank.close()
    rows, columns = max(len(one), len(other)), max(len(one[0]), len(other[0]))
    noticed = sum(
        abs(_at(one, row, column) - _at(other, row, column)) > NOTICED
        for row in range(rows)
        for column in range(columns)
    )
    return noticed / (rows * columns)


def _at(ink: list[list[float]], row: int, column: int) -> float:
    """The ink of a square; 2 beyond the picture, so that nothing is like it."""
    return ink[row][column] if row < len(ink) and column < len(ink[row]) else 2.0
