"""Damage real outputs in many ways and read them: no traceback, no hang, no impossible figure.

    python benchmarks/fuzz_readers.py [mutations a reader, default 10000] [seed] [reader ...]

The test-suite runs the same with a few mutations a reader.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.readers.contract import Reading
from ingest.readers.registry import READERS, read_bytes, recognise

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
SLOWEST_ALLOWED = 2.0
MAX_SEED_BYTES = 60_000  # a large report is cut into a smaller one of the same shape only where it is JSON lines
NUMBERS = (
    b"1e999",
    b"-1",
    b"NaN",
    b"Infinity",
    b"9" * 10_000,
    b"1e308",
    b"0",
    b"-0.0",
    b"1e-400",
    b"9007199254740993",
    b"null",
    b'"Unknown"',
)
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-32")


def samples() -> dict[str, list[tuple[str, bytes]]]:
    """Reader name -> (file name, bytes) of the fixtures that it reads."""
    found: dict[str, list[tuple[str, bytes]]] = {reader.name: [] for reader in READERS}
    for path in sorted([*(FIXTURES / "formats").glob("*"), *(FIXTURES / "ci_outputs").glob("*/*")]):
        data = path.read_bytes()
        if len(data) > MAX_SEED_BYTES:
            data = data[:MAX_SEED_BYTES] if path.suffix == ".jsonl" else data
        known = recognise(data, path.name)
        if known:
            found[known[0][1].name].append((path.name, data))
    found["built-file"].append(("app.js", b"export const a = 1;\n" * 50))
    return found


def mutate(data: bytes, chance: random.Random) -> bytes:
    """One to three kinds of damage."""
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_KINDS)(data, chance)
    return data


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _flip(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(chance.randint(1, 8) if body else 0):
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return bytes(body)


def _number(data: bytes, chance: random.Random) -> bytes:
    starts = [at for at in range(len(data)) if data[at : at + 1].isdigit()] if len(data) < 20_000 else []
    at = chance.choice(starts) if starts else chance.randint(0, len(data))
    end = at
    while end < len(data) and data[end : end + 1] in b"0123456789.":
        end += 1
    return data[:at] + chance.choice(NUMBERS) + data[end:]


def _nest(data: bytes, chance: random.Random) -> bytes:
    opening = chance.choice((b"[", b'{"a":', b"<a>", b"(", b'[{"children":'))
    at = chance.randint(0, len(data))
    return data[:at] + opening * chance.choice((10, 500, 20_000)) + data[at:]


def _encoding(data: bytes, chance: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _entity(data: bytes, chance: random.Random) -> bytes:
    end = data.find(b"?>") + 2
    return data[:end] + ENTITY + data[end:].replace(b">", b">&b;", 1)


def _delete(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + data[at + chance.randint(1, 200) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    part = data[at : at + chance.randint(1, 400)]
    return data[:at] + part * chance.choice((2, 10, 100)) + data[at:]


def _garbage(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.randbytes(chance.randint(1, 60)) + data[at:]


_KINDS = (_cut, _flip, _number, _nest, _encoding, _entity, _delete, _repeat, _garbage)


def problem_of(readings: list[Reading], seconds: float) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if seconds > SLOWEST_ALLOWED:
        return f"took {seconds:.1f} s"
    for reading in readings:
        for figure in reading.figures:
            value = figure.value
            if value is None:
                if not figure.reason:
                    return f"{figure.metric} is unknown without a reason"
            elif not math.isfinite(value):
                return f"{figure.metric} is {value}"
            elif figure.unit == "percent" and not 0 <= value <= 100:
                return f"{figure.metric} is {value}%"
            elif figure.unit != "MB/h" and not 0 <= value <= 1e15:
                return f"{figure.metric} is {value}"
    return "" if readings else "no reading"


def attack(
    reader: str, seeds: list[tuple[str, bytes]], mutations: int, seed: int
) -> Iterator[tuple[str, bytes, float]]:
    """Problem, damaged bytes and seconds of each mutation; every second one is forced upon the reader by its name."""
    chance = random.Random(f"{reader}-{seed}")
    for turn in range(mutations):
        name, data = chance.choice(seeds)
        damaged = mutate(data, chance)
        began = time.process_time()
        readings = read_bytes(damaged, name, reader if turn % 2 else None)
        seconds = time.process_time() - began  # the work, whatever else the machine does
        yield problem_of(readings, seconds), damaged, seconds


def main(mutations: int, seed: int, only: list[str]) -> int:
    """Attack every reader and print one line each."""
    failures = 0
    for reader, seeds in samples().items():
        if only and reader not in only:
            continue
        if not seeds:
            print(f"{reader:22} NO SAMPLE")
            failures += 1
            continue
        began, slowest, problems = time.perf_counter(), 0.0, []
        for problem, damaged, seconds in attack(reader, seeds, mutations, seed):
            slowest = max(slowest, seconds)
            if problem:
                problems.append((problem, damaged))
        failures += len(problems)
        took = time.perf_counter() - began
        summary = f"{mutations} mutations, {len(problems)} problems, slowest {slowest:.2f} s, {took:.0f} s"
        print(f"{reader:22} {summary}", flush=True)
        for problem, damaged in problems[:3]:
            print(f"    {problem}: {damaged[:200]!r}")
    return 1 if failures else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sys.exit(main(*(numbers + [10_000, 1][len(numbers) :])[:2], [word for word in sys.argv[1:] if not word.isdigit()]))
