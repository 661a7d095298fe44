"""`make relevance`: print how good the search is by kind of query; status 1 when a bar is missed."""

import sys
import tempfile
from pathlib import Path
from statistics import fmean

import click

from marketplace.search.queries import find
from tests.relevance.judging import BARS, Score, by_kind, mean_met, score_all
from tests.relevance.register import products_by_alias, shipped_register
from tests.relevance.slips import MAKERS, share_found

HEAD = f"{'kind':<16}{'queries':>8}{'demanded':>10}{'bar':>8}{'recall@n':>10}{'prec@5':>8}"


def main() -> int:
    """Judge, print, and return the exit status."""
    with tempfile.TemporaryDirectory() as folder, shipped_register(Path(folder)):
        scores = by_kind(score_all(lambda line: find(line).product_ids, products_by_alias()))
        click.echo(HEAD)
        reached = [_print_kind(kind, found) for kind, found in scores.items() if found]
        click.echo("\nQueries made from every name of the register:")
        for kind, maker in MAKERS.items():
            share = share_found(maker)
            reached.append(share >= maker.bar)
            click.echo(f"{kind:<24}{100 * share:>8.1f} %   bar {100 * maker.bar:.0f}, top {maker.top}")
    return 0 if all(reached) else 1


def _print_kind(kind: str, scores: list[Score]) -> bool:
    met, bar = mean_met(scores), BARS[kind]
    recall, precision = fmean(one.recall for one in scores), fmean(one.precision for one in scores)
    click.echo(
        f"{kind:<16}{len(scores):>8}{100 * met:>10.1f}{100 * bar:>8.0f}"
        f"{100 * recall:>10.1f}{100 * precision:>8.1f}{'' if met >= bar else '  MISSED'}"
    )
    for one in scores:
        if one.met < 1:
            click.echo(f"    {one.judged.line}: {100 * one.met:.0f}")
    return met >= bar


if __name__ == "__main__":
    sys.exit(main())
