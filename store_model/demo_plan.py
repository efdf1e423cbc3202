"""The floor plan of the demo store: a supermarket of 40 x 25 m, written by rule instead of by hand.

`aisle store plan` rewrites config/stores/demo/plan.geojson; a test holds that the file is its output.
Lengths in metres in the map frame. The perimeter carries fresh food, the middle is two banks of gondola runs: the
back bank (G01-G12, aisles B1-B13) with the one narrow aisle, the front bank (G13-G22, aisles A1-A11).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise

from store_model.demo_plan_file import Front, PlanParts, Rect, plan_text

WIDTH_M, HEIGHT_M = 40.0, 25.0
WALL_M = 0.2
SHELF_DEPTH_M = 0.5
GONDOLA_M = 1.0
BAY_M = 1.0

EAST, NORTH, WEST, SOUTH = 0.0, math.pi / 2, math.pi, -math.pi / 2

BACK_BANK_Y = (15.4, 21.4)
FRONT_BANK_Y = (7.2, 12.2)
NARROW_AISLE = 9
BACK_AISLES_M = tuple(2.3 if n == 1 else 1.2 if n == NARROW_AISLE else 2.1 for n in range(1, 14))
FRONT_RUNS_X = tuple(9.3 + 3.0 * n for n in range(10))

# How many bays each department gets, along the walk below.
DEPARTMENT_BAYS = (
    ("flowers", 3), ("produce", 22), ("bakery", 18), ("deli", 6), ("meat", 20), ("dairy", 23), ("frozen", 42),
    ("breakfast", 32), ("pantry", 60), ("natural", 6), ("snacks", 38), ("drinks", 25),
    ("home", 12), ("health", 9), ("beauty", 11), ("baby", 7), ("pet", 8), ("household", 31), ("alcohol", 6),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A gondola run with bays on its west and east side and an end cap on its south and north end."""

    run_id: str
    x_m: float
    y_m: tuple[float, float]
    west_aisle: str
    east_aisle: str
    south_aisle: str
    north_aisle: str

    @property
    def bay_count(self) -> int:
        return round((self.y_m[1] - self.y_m[0]) / BAY_M)

    def west(self) -> Front:
        """Return the bays of the west side, from south to north."""
        return Front(self.run_id, "W", (self.x_m, self.y_m[0]), WEST, self.bay_count, 5, self.west_aisle)

    def east(self) -> Front:
        """Return the bays of the east side, from south to north."""
        return Front(self.run_id, "E", (self.x_m + GONDOLA_M, self.y_m[0]), EAST, self.bay_count, 5, self.east_aisle)

    def north(self) -> Front:
        """Return the single bay of the northern end cap."""
        corner = (self.x_m, self.y_m[1] + SHELF_DEPTH_M)
        return Front(f"{self.run_id}-N", "", corner, NORTH, 1, 4, self.north_aisle)

    def south(self) -> Front:
        """Return the single bay of the southern end cap."""
        corner = (self.x_m, self.y_m[0] - SHELF_DEPTH_M)
        return Front(f"{self.run_id}-S", "", corner, SOUTH, 1, 4, self.south_aisle)

    def fixtures(self) -> list[tuple[str, str, Rect, float]]:
        """Return (id, kind, rectangle, height) of the run and its two end caps."""
        x, (low, high) = self.x_m, self.y_m
        return [
            (self.run_id, "gondola", (x, low, x + GONDOLA_M, high), 1.8),
            (f"{self.run_id}-N", "endcap", (x, high, x + GONDOLA_M, high + SHELF_DEPTH_M), 1.5),
            (f"{self.run_id}-S", "endcap", (x, low - SHELF_DEPTH_M, x + GONDOLA_M, low), 1.5),
        ]


def back_runs() -> list[Run]:
    """Return the twelve runs of the back bank, from west to east."""
    lefts = list(
        accumulate(BACK_AISLES_M[1:-1], lambda x, aisle: x + GONDOLA_M + aisle, initial=0.7 + BACK_AISLES_M[0])
    )
    return [Run(f"G{n:02d}", x, BACK_BANK_Y, f"B{n}", f"B{n + 1}", "C2", "C3") for n, x in enumerate(lefts, 1)]


def front_runs() -> list[Run]:
    """Return the ten runs of the front bank, from west to east."""
    return [
        Run(f"G{n + 12:02d}", x, FRONT_BANK_Y, f"A{n}", f"A{n + 1}", "C1", "C2") for n, x in enumerate(FRONT_RUNS_X, 1)
    ]


# Shelves along the walls: id, kind, rectangle, height, and the one front each of them has.
WALL_SHELVES = (
    ("WW1", (0.2, 3.0, 0.7, 6.0), Front("WW1", "", (0.7, 3.0), EAST, 3, 4, "P1")),
    ("WW2", (0.2, 6.7, 0.7, 12.7), Front("WW2", "", (0.7, 6.7), EAST, 6, 5, "P1")),
    ("WW3", (0.2, 12.7, 0.7, 23.7), Front("WW3", "", (0.7, 12.7), EAST, 11, 5, "B1")),
    ("WN1", (1.0, 24.3, 7.0, 24.8), Front("WN1", "", (1.0, 24.3), SOUTH, 6, 5, "C3")),
    ("WN2", (7.0, 24.3, 27.0, 24.8), Front("WN2", "", (7.0, 24.3), SOUTH, 20, 5, "C3")),
    ("WN3", (27.0, 24.3, 39.0, 24.8), Front("WN3", "", (27.0, 24.3), SOUTH, 12, 5, "C3")),
    ("WE1", (39.3, 12.7, 39.8, 23.7), Front("WE1", "", (39.3, 12.7), WEST, 11, 5, "B13")),
    ("WE2", (39.3, 6.7, 39.8, 12.7), Front("WE2", "", (39.3, 6.7), WEST, 6, 5, "A11")),
)

TABLES = {"T1": (2.7, 6.7), "T2": (2.7, 10.7), "T3": (5.9, 6.7), "T4": (5.9, 10.7)}
TABLE_AISLES = {"T1": ("P1", "P2"), "T2": ("P1", "P2"), "T3": ("P2", "A1"), "T4": ("P2", "A1")}


def table_front(table: str, side: str) -> Front:
    """Return the two bays of one side of a produce table, from south to north."""
    x, y = TABLES[table]
    west, east = TABLE_AISLES[table]
    if side == "W":
        return Front(table, "W", (x, y), WEST, 2, 3, west)
    return Front(table, "E", (x + 1.2, y), EAST, 2, 3, east)


def shelf_walk() -> list[Front]:
    """Return every front in walking order: along the walls, frozen food, the back bank, the front bank."""
    back, front = back_runs(), front_runs()
    wall = {shelf_id: shelf_front for shelf_id, _, shelf_front in WALL_SHELVES}
    entrance = [wall["WW1"], wall["WW2"]]
    tables = [
        table_front("T1", "W"),
        table_front("T2", "W"),
        table_front("T2", "E").turned(),
        table_front("T1", "E").turned(),
    ]
    tables += [
        table_front("T3", "W"),
        table_front("T4", "W"),
        table_front("T4", "E").turned(),
        table_front("T3", "E").turned(),
    ]
    bakery = [wall["WW3"], back[0].west().turned(), back[0].south()]
    cold = [wall["WN1"], wall["WN2"], wall["WN3"], wall["WE1"].turned(), wall["WE2"].turned()]
    return entrance + tables + bakery + cold + _frozen(front[7:]) + _back_bank(back) + _front_bank(front[:7])


def _frozen(runs: list[Run]) -> list[Front]:
    walk: list[Front] = []
    for run in reversed(runs):
        walk += [run.east(), run.north(), run.west().turned(), run.south()]
    return walk


def _back_bank(runs: list[Run]) -> list[Front]:
    walk: list[Front] = []
    for left, right in pairwise(runs):
        walk += [left.east(), left.north(), right.west().turned(), right.south()]
    return [*walk, runs[-1].east(), runs[-1].north()]


def _front_bank(runs: list[Run]) -> list[Front]:
    walk: list[Front] = []
    for run in runs:
        walk += [run.west(), run.north(), run.east().turned(), run.south()]
    return walk


def fixtures() -> list[tuple[str, str, Rect, float]]:
    """Return (id, kind, rectangle, height) of everything that stands on the floor."""
    found = [(shelf_id, "wall_shelf", rect, 2.2) for shelf_id, rect, _ in WALL_SHELVES]
    found += [(table, "table", (x, y, x + 1.2, y + 2.0), 0.9) for table, (x, y) in TABLES.items()]
    for run in (*back_runs(), *front_runs()):
        found += run.fixtures()
    found += [(f"TILL{n}", "till", (16.1 + 1.9 * n, 1.8, 16.7 + 1.9 * n, 4.4), 1.0) for n in range(1, 6)]
    found.append(("DESK", "desk", (8.0, 0.9, 11.0, 1.6), 1.1))
    found.append(("DOCK", "dock", (13.3, 0.2, 13.7, 0.3), 0.3))
    return found


WALLS: tuple[tuple[str, Rect], ...] = (
    ("wall-west", (0.0, 0.0, 0.2, 25.0)),
    ("wall-north", (0.2, 24.8, 39.8, 25.0)),
    ("wall-east", (39.8, 0.0, 40.0, 25.0)),
    ("wall-south-1", (0.2, 0.0, 2.8, 0.2)),
    ("door-entrance-leaf", (2.8, 0.05, 5.2, 0.15)),
    ("wall-south-2", (5.2, 0.0, 29.6, 0.2)),
    ("door-exit-leaf", (29.6, 0.05, 32.0, 0.15)),
    ("wall-south-3", (32.0, 0.0, 39.8, 0.2)),
    ("wall-staff-west", (34.0, 0.2, 34.15, 4.55)),
    ("wall-staff-north", (34.15, 4.4, 39.8, 4.55)),
)

OPENINGS = (
    ("door-entrance", "pedestrian.principal", (2.8, 0.1), (5.2, 0.1)),
    ("door-exit", "pedestrian", (29.6, 0.1), (32.0, 0.1)),
)

ZONES: tuple[tuple[str, str, Rect, dict[str, str]], ...] = (
    (
        "zone-entrance",
        "entrance",
        (0.7, 0.2, 7.4, 6.4),
        {"en": "Entrance", "de": "Eingang", "es": "Entrada", "fr": "Entrée"},
    ),
    (
        "zone-produce",
        "hall",
        (0.7, 6.7, 8.2, 12.7),
        {"en": "Market hall", "de": "Markthalle", "es": "Mercado", "fr": "Marché"},
    ),
    (
        "zone-service",
        "service",
        (7.6, 0.2, 11.4, 3.2),
        {"en": "Service desk", "de": "Servicepunkt", "es": "Atención al cliente", "fr": "Accueil"},
    ),
    (
        "zone-dock",
        "dock",
        (12.6, 0.2, 14.4, 2.0),
        {"en": "Robot dock", "de": "Ladestation", "es": "Base del robot", "fr": "Station du robot"},
    ),
    ("zone-tills", "tills", (16.8, 1.0, 27.8, 4.6), {"en": "Tills", "de": "Kassen", "es": "Cajas", "fr": "Caisses"}),
    ("zone-exit", "exit", (28.6, 0.2, 33.0, 3.0), {"en": "Exit", "de": "Ausgang", "es": "Salida", "fr": "Sortie"}),
    (
        "zone-staff",
        "nonpublic",
        (34.15, 0.2, 39.8, 4.4),
        {"en": "Staff only", "de": "Nur Personal", "es": "Solo personal", "fr": "Réservé au personnel"},
    ),
)

ENTRANCE = (4.0, 0.1)
HOME = (6.2, 3.6, math.atan2(3.6 - 0.8, 6.2 - 4.0))
DOCK = (13.5, 0.8, NORTH)
SERVICE_DESK = (9.5, 2.4, SOUTH)


def aisles() -> list[tuple[str, Rect, float]]:
    """Return (id, rectangle, clear width) of every walkway."""
    found: list[tuple[str, Rect, float]] = [
        ("C1", (9.3, 4.4, 33.9, 6.7), 2.3),
        ("C2", (0.7, 12.7, 39.3, 14.9), 2.2),
        ("C3", (0.7, 21.9, 39.3, 24.3), 2.4),
        ("P1", (0.7, 6.7, 2.7, 12.7), 2.0),
        ("P2", (3.9, 6.7, 5.9, 12.7), 2.0),
        ("A1", (7.1, 6.7, 9.3, 12.7), 2.2),
    ]
    for run in front_runs():
        east = run.x_m + GONDOLA_M
        found.append((run.east_aisle, (east, 6.7, east + 2.0, 12.7), 2.0))
    for run, width_m in zip(back_runs(), BACK_AISLES_M, strict=False):
        found.append((run.west_aisle, (run.x_m - width_m, 14.9, run.x_m, 21.9), width_m))
    found.append(("B13", (39.3 - BACK_AISLES_M[-1], 14.9, 39.3, 21.9), BACK_AISLES_M[-1]))
    return found


def demo_plan_text(department_names: dict[str, dict[str, str]], colours: dict[str, str]) -> str:
    """Return the whole plan.geojson; names and colours of the departments come from categories.yaml."""
    return plan_text(
        PlanParts(
            name="Demo store",
            size_m=(WIDTH_M, HEIGHT_M),
            walls=WALLS,
            openings=OPENINGS,
            zones=ZONES,
            aisles=tuple(aisles()),
            fixtures=tuple(fixtures()),
            walk=tuple(shelf_walk()),
            department_bays=DEPARTMENT_BAYS,
            department_names=department_names,
            colours=colours,
            poses={"robot.dock": DOCK, "robot.home": HOME, "robot.service_desk": SERVICE_DESK},
            entrance=ENTRANCE,
        )
    )
