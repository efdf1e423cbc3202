"""The real inference node as a process, asked by a client in another: what a robot's other processes wait for."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np

from aisle import channels, paths
from aisle.messages.advice import Advice, RecommendRequest
from apps.processes import environment
from benchmarks.inference_calls import Answered, Calls
from benchmarks.inference_kit import BenchedStore
from benchmarks.inference_requests import asked
from benchmarks.rows import Row
from catalogue.database import write_catalogue

CALLS = 500
_AIM = "at most 50"
_SEED = 7
_WITHIN_S = 400.0


class RosProblem(RuntimeError):
    """The node could not be asked; the sentence says why."""


def ros_rows(store: BenchedStore, idle_s: float) -> list[Row]:
    """Ask the node over ROS, at once and after idling; without ROS the rows say why there is no figure."""
    try:
        answered = _answered(store, idle_s)
    except RosProblem as problem:
        return [Row("over ROS: p99", math.nan, "ms", _AIM, f"not measured: {problem}", "ros_p99_ms")]
    return rows_of(answered, idle_s)


def rows_of(answered: Answered, idle_s: float) -> list[Row]:
    """Return the percentiles before and after idling, and how long the node took to be there."""
    wrong = "".join(f"; {sentence}" for sentence in answered.problems)
    wrong += f"; {answered.fallbacks} answers by popularity" if answered.fallbacks else ""
    rows = [
        Row("node: load, check and warm up", answered.ready_s, "s", note="configure and activate"),
        Row(
            "over ROS: refused at once, p50",
            float(np.percentile(answered.refused_ms, 50)),
            "ms",
            note=f"what ROS takes by itself; p99 {np.percentile(answered.refused_ms, 99):.1f} ms",
        ),
    ]
    for when, key, times_ms in (
        ("over ROS", "ros", answered.busy_ms),
        (f"over ROS after {idle_s:.0f} s idle", "ros_idle", answered.idle_ms),
    ):
        note = f"{len(times_ms)} calls of all four kinds, the first {times_ms[0]:.1f} ms{wrong}"
        for percent, aim in ((50, ""), (99, _AIM)):
            value_ms = float(np.percentile(times_ms, percent))
            rows.append(Row(f"{when}: p{percent}", value_ms, "ms", aim, note, f"{key}_p{percent}_ms"))
    return rows


def mixed_requests(store: BenchedStore, count: int) -> list[RecommendRequest]:
    """Return requests of all four kinds in turn."""
    kinds = [asked(store.shop, advice, -(-count // len(Advice)), _SEED) for advice in Advice]
    return [one.request for one in chain.from_iterable(zip(*kinds, strict=True))][:count]


def _answered(store: BenchedStore, idle_s: float) -> Answered:
    folder = store.places.kit.parent / "store"
    variables = environment(channels.port_base()) | {"ROS_DOMAIN_ID": str(1 + os.getpid() % 100)}
    with _node(store, _store_folder(store, folder), variables) as said:
        calls = msgspec.json.encode(Calls(mixed_requests(store, CALLS), idle_s))
        return _asked_by_client(calls, variables, said)


def _asked_by_client(calls: bytes, variables: dict[str, str], said: Path) -> Answered:
    command = [sys.executable, "-m", "benchmarks.inference_client"]
    try:
        done = subprocess.run(
            command,
            input=calls,
            env=variables,
            cwd=paths.REPOSITORY,
            capture_output=True,
            timeout=_WITHIN_S,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=Answered)
    except subprocess.CalledProcessError as error:
        raise RosProblem(f"{_last(error.stderr)}; the node's last words: {_last(said.read_bytes())}") from error
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise RosProblem(str(error)) from error


@contextmanager
def _node(store: BenchedStore, folder: Path, variables: dict[str, str]) -> Iterator[Path]:
    """Run the node while the block does; yield the file with what it says."""
    given = {"model": store.places.kit, "key": store.places.public_key, "store": folder}
    parameters = [part for key, value in given.items() for part in ("-p", f"{key}:={value}")]
    command = [sys.executable, "-m", "aisle_inference.nodes.inference_node", "--ros-args", *parameters]
    log = folder / "node.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=variables, cwd=paths.REPOSITORY, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield log
        finally:
            process.kill()
            process.wait()


def _store_folder(store: BenchedStore, folder: Path) -> Path:
    """Write the catalogue of the benched products where the node reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "catalogue.sqlite"
    file.unlink(missing_ok=True)
    write_catalogue(file, list(store.products.values()), store.categories())
    return folder


def _last(output: bytes) -> str:
    lines: Sequence[str] = output.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "nothing"
