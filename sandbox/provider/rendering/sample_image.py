"""An image for the demo that the project draws itself: a paper boat on a rainy street at dusk."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from sandbox.provider.rendering.resize import resize

SIZE = (1280, 720)
SCALE = 2
"""Everything is drawn at twice the size and scaled down, which smooths the edges."""
WIDTH, HEIGHT = SIZE[0] * SCALE, SIZE[1] * SCALE
COARSE = 4
"""Light without edges is drawn so many times smaller, which takes a tenth of the time."""

FOCUS = 1150.0
HORIZON = (WIDTH * 0.56, HEIGHT * 0.43)
EYE = 1.5
WALL = 4.4
KERB = 2.7

Point = tuple[float, float]
Colour = tuple[int, int, int]

SKY: Sequence[tuple[float, Colour]] = (
    (0.0, (22, 26, 56)),
    (0.5, (70, 62, 104)),
    (0.85, (196, 128, 116)),
    (1.0, (250, 196, 146)),
)
STREET: Sequence[tuple[float, Colour]] = ((0.0, (150, 112, 112)), (0.25, (70, 66, 92)), (1.0, (20, 24, 42)))
LAMP: Colour = (255, 206, 128)


@dataclass(frozen=True)
class House:
    """A front along the street: side (-1 left, 1 right), from and to in metres from the eye, height in metres."""

    side: int
    near: float
    far: float
    height: float
    colour: Colour


@functools.cache
def draw_sample() -> bytes:
    """Return the image as a PNG of 1280x720 pixels; it is the same at every call."""
    random = Random("paper boat")
    houses = _plan_houses(random)
    image = _gradient(SKY, 0, HORIZON[1])
    image.paste(_gradient(STREET, HORIZON[1], HEIGHT - HORIZON[1]), (0, round(HORIZON[1])))
    _draw_houses(image, houses, "windows")
    _reflect(image, houses)
    _draw_pavements(image)
    image = _light_lamps(image)
    _draw_ripples(image, random)
    image = _float_boat(image)
    _let_it_rain(image, random)
    image = _darken_corners(image).reduce(SCALE)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _project(x: float, y: float, z: float) -> Point:
    return HORIZON[0] + FOCUS * x / z, HORIZON[1] - FOCUS * (y - EYE) / z


def _gradient(stops: Sequence[tuple[float, Colour]], top: float, height: float) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT - round(top)))
    draw = ImageDraw.Draw(image)
    for row in range(image.height):
        draw.line([(0, row), (WIDTH, row)], fill=_colour_at(stops, row / height))
    return image


def _colour_at(stops: Sequence[tuple[float, Colour]], place: float) -> Colour:
    for (start, first), (end, second) in pairwise(stops):
        if place <= end:
            return _mix(first, second, (place - start) / (end - start))
    return stops[-1][1]


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _plan_houses(random: Random) -> list[House]:
    houses: list[House] = []
    for side in (-1, 1):
        near = 1.6
        while near < 60:
            far = near + random.uniform(2.4, 4.2) * (1 + near / 18)
            shade = random.randint(-8, 12)
            houses.append(House(side, near, far, random.uniform(5.5, 10.5), (46 + shade, 40 + shade, 66 + shade)))
            near = far
    return sorted(houses, key=lambda house: -house.near)


def _draw_houses(image: Image.Image, houses: Sequence[House], seed: str, upright: int = 1) -> None:
    """Draw the fronts with their windows; ``upright`` -1 draws their mirror image in the street."""
    draw = ImageDraw.Draw(image)
    random = Random(seed)
    for house in houses:
        haze = min(0.8, house.near / 36)
        wall = _mix(house.colour, (206, 144, 128), haze)
        x = house.side * WALL
        draw.polygon(_front(x, house.near, house.far, 0, house.height * upright), fill=wall)
        draw.polygon(
            _front(x, house.near, house.far, house.height * upright, (house.height + 0.25) * upright),
            fill=_mix(wall, (16, 16, 34), 0.4),
        )
        for floor in range(int(house.height / 1.7)):
            _draw_windows(draw, house, 0.7 + floor * 1.7, upright, haze, random)


def _draw_windows(
    draw: ImageDraw.ImageDraw, house: House, sill: float, upright: int, haze: float, random: Random
) -> None:
    count = max(2, round((house.far - house.near) / (1.1 * (1 + house.near / 18))))
    step = (house.far - house.near) / count
    for number in range(count):
        near = house.near + step * (number + 0.28)
        lit = random.random() < 0.34
        warm: Colour = (255, random.randint(178, 214), random.randint(96, 140))
        glass = _mix(warm if lit else (34, 36, 62), (206, 144, 128), haze * (0.5 if lit else 1))
        x = house.side * (WALL - 0.01)
        draw.polygon(_front(x, near, near + step * 0.46, sill * upright, (sill + 1.0) * upright), fill=glass)
        if lit:
            middle = near + step * 0.23
            bar = _mix(glass, (60, 40, 40), 0.6)
            top, bottom = _project(x, (sill + 1.0) * upright, middle), _project(x, sill * upright, middle)
            draw.line([top, bottom], fill=bar, width=max(1, round(14 / near)))


def _front(x: float, near: float, far: float, bottom: float, top: float) -> list[Point]:
    return [_project(x, bottom, near), _project(x, bottom, far), _project(x, top, far), _project(x, top, near)]


def _reflect(image: Image.Image, houses: Sequence[House]) -> None:
    mirrored = image.copy()
    _draw_houses(mirrored, houses, "windows", upright=-1)
    smeared = _stretch(mirrored.reduce((4, 24)))
    shine = ImageEnhance.Brightness(smeared.filter(ImageFilter.GaussianBlur(6))).enhance(0.95)
    street = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(street).polygon(_ground(-WALL, WALL), fill=150)
    image.paste(shine, (0, 0), street)


def _ground(left: float, right: float) -> list[Point]:
    return [_project(left, 0, 1.2), _project(left, 0, 90), _project(right, 0, 90), _project(right, 0, 1.2)]


def _draw_pavements(image: Image.Image) -> None:
    layer = Image.new("RGBA", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(layer)
    for side in (-1, 1):
        draw.polygon(_ground(side * KERB, side * WALL), fill=(38, 38, 60, 190))
        draw.polygon(_ground(side * KERB, side * (KERB + 0.16)), fill=(190, 150, 140, 150))
        for slab in range(3, 60):
            start, end = _project(side * (KERB + 0.16), 0, slab * 0.7), _project(side * WALL, 0, slab * 0.7)
            draw.line([start, end], fill=(14, 16, 32, 130), width=max(1, round(16 / slab)))
    image.paste(layer, (0, 0), layer)


def _light_lamps(image: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(image)
    glow = Image.new("RGB", (WIDTH, HEIGHT))
    light = ImageDraw.Draw(glow)
    for distance in (26.0, 16.0, 10.0, 6.2, 4.0):
        for side in (-1, 1):
            x = side * (KERB + 0.45)
            foot, head = _project(x, 0, distance), _project(x, 3.1, distance)
            arm = _project(x - side * 0.5, 3.15, distance)
            thick = max(2, round(60 / distance))
            draw.line([foot, head, arm], fill=(18, 18, 34), width=thick, joint="curve")
            size = 190 / distance
            _dot(light, arm, size * 1.6, LAMP)
            pool = _project(x - side * 0.5, -3.15, distance)
            light.ellipse((pool[0] - size, pool[1] - size * 5, pool[0] + size, pool[1] + size * 5), fill=(150, 108, 58))
            _dot(draw, arm, size * 0.62, (255, 240, 206))
    sky = _project(0, 1.6, 60)
    light.ellipse((sky[0] - 330, sky[1] - 300, sky[0] + 330, sky[1] + 170), fill=(96, 58, 40))
    glow = glow.reduce(COARSE)
    for radius in (14, 60, 140):
        glow = glow.filter(ImageFilter.GaussianBlur(radius / COARSE))
        image = ImageChops.screen(image, _stretch(glow))
    return image


def _dot(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: Colour) -> None:
    draw.ellipse((centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), fill=fill)


BOAT = (WIDTH * 0.43, HEIGHT * 0.795)
"""The middle of the boat's waterline."""


def _draw_ripples(image: Image.Image, random: Random) -> None:
    layer = Image.new("RGBA", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(layer)
    for ring in range(4):
        across = 400 + 85 * ring
        _ring(draw, (BOAT[0], BOAT[1] + 26), across, across * 0.17, (214, 220, 255, 130 - 28 * ring), 5)
    for _ in range(150):
        z = 1.7 + 16 * random.random() ** 2
        centre = _project(random.uniform(-KERB, KERB), 0, z)
        for share in (1.0, 0.5):
            across = random.uniform(90, 190) / z * share
            _ring(draw, centre, across, across * 0.34, (226, 226, 255, 120), 3)
    image.paste(layer, (0, 0), layer)


def _ring(
    draw: ImageDraw.ImageDraw, centre: Point, across: float, down: float, colour: tuple[int, int, int, int], width: int
) -> None:
    x, y = centre
    draw.ellipse((x - across, y - down, x + across, y + down), outline=colour, width=width)


def _float_boat(image: Image.Image) -> Image.Image:
    boat = Image.new("RGBA", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(boat)

    def fold(points: Sequence[Point], colour: Colour) -> None:
        draw.polygon([(BOAT[0] + x, BOAT[1] - y) for x, y in points], fill=colour)

    fold([(-8, 330), (-178, 40), (6, 96)], (236, 226, 222))
    fold([(-8, 330), (6, 96), (150, 44)], (178, 172, 196))
    fold([(-360, 176), (-150, 66), (6, 96), (-40, 6)], (206, 198, 210))
    fold([(350, 188), (146, 70), (6, 96), (60, 8)], (160, 156, 184))
    fold([(-360, 176), (-214, -20), (0, -34), (4, 84)], (252, 242, 228))
    fold([(350, 188), (210, -16), (0, -34), (4, 84)], (212, 202, 208))
    fold([(-360, 176), (4, 84), (4, 72)], (255, 252, 244))
    fold([(350, 188), (4, 84), (4, 72)], (236, 226, 226))
    water = round(BOAT[1]) - 2
    mirrored = boat.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirrored = ImageChops.offset(mirrored, 0, 2 * water - HEIGHT + 44)
    mirrored = mirrored.filter(ImageFilter.GaussianBlur(9))
    below = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(below).rectangle((0, water, WIDTH, HEIGHT), fill=120)
    image.paste(mirrored, (0, 0), ImageChops.multiply(mirrored.getchannel("A"), below))
    shadow = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(shadow).ellipse((BOAT[0] - 260, BOAT[1] - 8, BOAT[0] + 255, BOAT[1] + 62), fill=150)
    image.paste((14, 16, 34), (0, 0), shadow.filter(ImageFilter.GaussianBlur(16)))
    image.paste(boat, (0, 0), boat)
    return image


def _let_it_rain(image: Image.Image, random: Random) -> None:
    layer = Image.new("RGBA", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(layer)
    for _ in range(520):
        x, y = random.uniform(-100, WIDTH), random.uniform(-100, HEIGHT)
        length = random.uniform(40, 170)
        draw.line(
            [(x, y), (x + length * 0.17, y + length)],
            fill=(222, 226, 255, random.randint(20, 78)),
            width=random.choice((2, 2, 3, 4)),
        )
    image.paste(layer, (0, 0), layer.filter(ImageFilter.GaussianBlur(1)))


def _darken_corners(image: Image.Image) -> Image.Image:
    light = Image.eval(_stretch(Image.radial_gradient("L")), lambda level: 255 - max(0, level - 110) * 0.9)
    return Image.composite(image, ImageEnhance.Brightness(image).enhance(0.25), light)


def _stretch(image: Image.Image) -> Image.Image:
    return resize(image, (WIDTH, HEIGHT), Image.Resampling.BICUBIC)
