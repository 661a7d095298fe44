"""Run the bench and print a table: requests/s and processor time a request, as ratios to the yardstick."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from marketplace.app import create_app
from tests.bench.addresses import addresses, split
from tests.bench.board import bench_board
from tests.bench.checkouts import bench_checkouts
from tests.bench.load import Load, run
from tests.bench.recall import bench_recall
from tests.bench.servers import Server, free_port, running

SECONDS = 3.0
WARM_ROUNDS = 6
"""Each round opens new connections, so that every process comes to see every page."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--pages", nargs="*", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as folder:
        if not options.pages or "checkout" in options.pages:
            bench_checkouts(Path(folder))
        if not options.pages or "recall" in options.pages:
            bench_recall(Path(folder))
        for size in options.sizes:
            bench_size(size, Path(folder) / str(size), options.pages)


def bench_size(size: int, folder: Path, only: list[str]) -> None:
    folder.mkdir()
    environment = {
        "DEMO": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "SEARCH_INDEX": str(folder / "index"),
        "JOURNAL_ANCHORS": str(folder / "journal_anchors.jsonl"),
        "SECRET_KEY": "only for the bench, and long enough for it",
    }
    os.environ.update(environment)
    for command in (["setup"], ["demo", "--products", str(size)]):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "marketplace", *command], check=True, stdout=subprocess.DEVNULL)
        click.echo(f"{size}: marketplace {' '.join(command)}: {time.perf_counter() - begun:.1f} s")
    with create_app().app_context():
        pages = {name: paths for name, paths in addresses().items() if not only or name in only}
    columns = ("req/s", "ratio", "CPU ms", "p50 ms", "p99 ms", "n", "bad")
    click.echo(f"{'page':10}{'how':10}" + "".join(f"{column:>8}" for column in columns))
    for name, paths in pages.items():
        bench_page(name, paths)
    if not only or "board" in only:
        bench_board()


def bench_page(name: str, paths: list[str]) -> None:
    hello_at, site_at = {"PORT": str(free_port()), "DEMO": "1"}, {"PORT": str(free_port()), "DEMO": "1"}
    with (
        running(["tests.bench.hello"], hello_at) as hello,
        running(["marketplace", "serve"], site_at) as site,
    ):
        waking, paths = split(paths)
        run(hello.port, ["/"], seconds=1)
        run(site.port, waking, seconds=None)
        before, _ = measure(hello, ["/"], SECONDS)
        first = measure(site, paths, None)
        for _ in range(WARM_ROUNDS):
            run(site.port, paths, seconds=None)
        again = measure(site, paths, SECONDS)
        after, _ = measure(hello, ["/"], SECONDS)
    yardstick = (before.per_second + after.per_second) / 2
    for how, (load, cpu) in (("first", first), ("repeated", again)):
        click.echo(
            f"{name:10}{how:10}{load.per_second:8.0f}{load.per_second / yardstick:8.3f}{cpu:8.2f}"
            f"{load.p50:8.1f}{load.p99:8.1f}{load.requests:8}{load.failures:8}"
        )


def measure(server: Server, paths: list[str], seconds: float | None) -> tuple[Load, float]:
    """Return the load and the processor time a request took, in milliseconds."""
    begun = server.cpu_seconds()
    load = run(server.port, paths, seconds=seconds)
    return load, 1000 * (server.cpu_seconds() - begun) / load.requests


if __name__ == "__main__":
    main()
