"""Pictures for the sample, drawn by a program: works as children paint them, and scenes of a class without faces."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (1200, 900)
SKIES = ("#bfe3f5", "#fde8c8", "#e6dcf5", "#d8f0dc")
COLOURS = ("#d9534f", "#f0ad4e", "#5a9e6f", "#4a7fb5", "#8e6bb0", "#e58ca0", "#2f6f73")


def work(random: Random) -> bytes:
    """A painting: sun, hills, houses or flowers."""
    picture, draw = _paper(random)
    x = random.randint(150, 1050)
    draw.ellipse((x - 90, 60, x + 90, 240), fill="#f7c948")
    for n in range(3):
        left, top = -200 + n * 450 + random.randint(-60, 60), random.randint(430, 560)
        draw.ellipse((left, top, left + 800, top + 800), fill=("#8fc98b", "#6fb583", "#a6d49f")[n])
    for n in range(random.randint(2, 4)):
        (_house if random.random() < 0.5 else _flower)(draw, random, 120 + n * 270)
    return _written(picture)


def scene(random: Random) -> bytes:
    """A class room: figures around a table, seen from behind."""
    picture, draw = _paper(random)
    draw.rectangle((0, 640, 1200, 900), fill="#d8b98a")
    draw.rectangle((330, 140, 870, 380), fill="#2f5d50", outline="#8a6d4b", width=14)
    draw.rounded_rectangle((180, 560, 1020, 700), 40, fill="#b9824f")
    for n in range(random.randint(4, 6)):
        x, colour = 160 + n * 170 + random.randint(-20, 20), random.choice(COLOURS)
        draw.rounded_rectangle((x - 62, 610, x + 62, 860), 50, fill=colour)
        draw.ellipse((x - 52, 500, x + 52, 620), fill="#3b2b23")
    for _ in range(5):
        x = random.randint(230, 940)
        draw.rectangle((x, 575, x + 60, 610), fill=random.choice(COLOURS))
    return _written(picture)


def _paper(random: Random) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, random.choice(SKIES))
    return picture, ImageDraw.Draw(picture)


def _house(draw: ImageDraw.ImageDraw, random: Random, x: int) -> None:
    draw.rectangle((x, 520, x + 190, 720), fill=random.choice(COLOURS))
    draw.polygon([(x - 30, 520), (x + 95, 390), (x + 220, 520)], fill="#9b4a3c")
    draw.rectangle((x + 70, 610, x + 120, 720), fill="#5a3b28")


def _flower(draw: ImageDraw.ImageDraw, random: Random, x: int) -> None:
    middle, petal = x + 90, random.choice(COLOURS)
    draw.line((middle, 560, middle, 780), fill="#3f7d4c", width=14)
    for dx, dy in ((-46, 0), (46, 0), (0, -46), (0, 46), (-33, -33), (33, 33), (-33, 33), (33, -33)):
        draw.ellipse((middle + dx - 36, 540 + dy - 36, middle + dx + 36, 540 + dy + 36), fill=petal)
    draw.ellipse((middle - 34, 506, middle + 34, 574), fill="#f7c948")


def _written(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()
