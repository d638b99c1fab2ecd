"""The main job on real input: a plain window function, compiled, over a 2048 x 2048 photograph.

Run by `cargo xtask demo`.  The photograph is scikit-image's `camera`, enlarged four times.  Three ways to take
the least of each pixel and its four neighbours are timed side by side: SciPy's own `grey_erosion`, the user's
function compiled by coachwhip inside `generic_filter`, and the same function as plain Python on a crop.
"""
import pathlib
import sys
import time

import numpy as np
from scipy import ndimage
from skimage import data, io

import coachwhip

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=bool)
CROP = 128
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "demo-output"


def least(window):
    """The user's function: the smallest value under the window."""
    smallest = np.inf
    for pixel in window:
        if pixel < smallest:
            smallest = pixel
    return smallest


def photograph():
    """The photograph as a float64 array of shape (2048, 2048), grey values 0 to 255."""
    return ndimage.zoom(data.camera().astype(np.float64), 4, order=1)


def timed(call, rounds=1):
    """The result and the median wall time of `rounds` calls, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return result, sorted(times)[len(times) // 2]


def save(name, picture):
    """Writes a picture of grey values 0 to 255 as PNG."""
    io.imsave(FOLDER / name, np.rint(picture).astype(np.uint8), check_contrast=False)


def main():
    """Compares, saves and prints; the exit status is 1 if the pictures differ."""
    image = photograph()
    crop = image[:CROP, :CROP]
    FOLDER.mkdir(exist_ok=True)

    start = time.perf_counter()
    callback = coachwhip.jit_filter_function(least)
    compiling = time.perf_counter() - start

    ours, first = timed(lambda: ndimage.generic_filter(image, callback, footprint=CROSS))
    _, steady = timed(lambda: ndimage.generic_filter(image, callback, footprint=CROSS), rounds=5)
    scipys, erosion = timed(lambda: ndimage.grey_erosion(image, footprint=CROSS), rounds=5)
    plain, slow = timed(lambda: ndimage.generic_filter(crop, least, footprint=CROSS))
    whole = slow * image.size / crop.size

    save("before.png", image)
    save("after.png", ours)

    rows = [
        ("plain Python in generic_filter", f"{whole:9.2f} s*", f"{whole:9.2f} s*", 1.0),
        ("scipy grey_erosion", f"{erosion * 1e3:9.1f} ms", f"{erosion * 1e3:9.1f} ms", whole / erosion),
        ("coachwhip in generic_filter", f"{(compiling + first) * 1e3:9.1f} ms", f"{steady * 1e3:9.1f} ms", whole / steady),
    ]
    print(f"\nthe least of each pixel and its four neighbours, {image.shape[0]} x {image.shape[1]} float64")
    print(f"{'':<34}{'first call':>12}  {'steady':>12}  {'x Python':>9}")
    for label, once, later, ratio in rows:
        print(f"{label:<34}{once:>12}  {later:>12}  {ratio:>8.0f}x")
    print(f"compiling took {compiling * 1e3:.1f} ms of the first call;  * measured on {CROP} x {CROP}, multiplied up")

    inner = np.s_[:CROP - 1, :CROP - 1]             # the crop's own far edges see other neighbours
    equal = np.array_equal(ours, scipys) and np.array_equal(ours[inner], plain[inner])
    print("the pictures are equal" if equal else "THE PICTURES DIFFER")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
