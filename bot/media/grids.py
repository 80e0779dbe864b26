"""Cut a grid into the four pictures that it shows."""

from bot.media.decode import encoded, flattened, opened


def cut(grid: bytes) -> list[bytes]:
    """Cut a grid of two by two into four PNGs: left to right, top to bottom.

    Of an odd number of pixels the right or lower picture has the one more. Alpha is flattened on white. Blocks. Raises
    `BadPicture` as `check_picture` does; BROKEN too when a side is a single pixel.
    """
    with opened(grid) as image:
        whole = flattened(image, max(image.size))
        width, height = whole.size
        across, down = (0, width // 2, width), (0, height // 2, height)
        boxes = [(across[x], down[y], across[x + 1], down[y + 1]) for y in (0, 1) for x in (0, 1)]
        return [encoded(whole.crop(box), "PNG") for box in boxes]
