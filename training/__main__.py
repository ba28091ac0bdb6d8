"""``python -m training``: from the corpora to a model with its figures, step by step or at once."""

# Each command loads what it needs, and help loads nothing.
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from detector.errors import DetectorError

# Repeated here so that asking for help loads nothing; `training.pairs` and `training.fit` agree.
ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "training"
PAIRS = BUILD / "pairs.parquet"
TABLE = BUILD / "table.parquet"
FIGURES = BUILD / "figures"
MODELS = ROOT / "models"

Command = Callable[..., Any]


class TrainingGroup(click.Group):
    """Turn a DetectorError into one tidy message; let bugs keep their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DetectorError as error:
            raise click.ClickException(f"{error}\nTry: {error.hint}") from error


def path_option(name: str, default: Path | None, text: str) -> Callable[[Command], Command]:
    """Declare an option that names a file or folder."""
    return click.option(
        name, type=click.Path(path_type=Path), default=default, show_default=True, help=text
    )


mirror_option = path_option(
    "--mirror", None, "Folder of the archives; else UNSPUN_MIRROR, ../shared/corpora, the network."
)
pairs_option = path_option("--pairs", PAIRS, "Pairs, as the step of that name writes them.")
table_option = path_option("--table", TABLE, "Feature table.")
jobs_option = click.option("--jobs", default=2, show_default=True, help="Worker processes.")
seed_option = click.option("--seed", default=1, show_default=True, help="Same seed, same pairs.")


def model_folder() -> Path:
    """Give the folder of the model that is shipped."""
    from detector.classify import MODEL_NAME

    return MODELS / MODEL_NAME


@click.group(cls=TrainingGroup)
def main() -> None:
    """Build the corpora's pairs, the feature table, the model, its figures and its card."""


@main.command()
@mirror_option
def corpora(mirror: Path | None) -> None:
    """Fetch every corpus and verify every file."""
    from training.corpora import check_all, default_mirror

    check_all(mirror or default_mirror())


@main.command()
@mirror_option
@path_option("--out", MODELS / "lexicon", "Folder of the word lists.")
def lexicon(mirror: Path | None, out: Path) -> None:
    """Derive the word lists that the detector ships."""
    from training import lexicon as lists
    from training.corpora import default_mirror

    lists.build(mirror or default_mirror(), out)


@main.command()
@mirror_option
@seed_option
@path_option("--out", PAIRS, "Parquet to write.")
@click.option("--corpus", multiple=True, help="Only this corpus; may be repeated.")
def pairs(mirror: Path | None, seed: int, out: Path, corpus: tuple[str, ...]) -> None:
    """Build the pairs of suspect and source."""
    from training.pairs import build

    build(mirror, out, seed=seed, names=corpus or None)


@main.command()
@pairs_option
@path_option("--out", TABLE, "Parquet to write.")
@jobs_option
def table(pairs: Path, out: Path, jobs: int) -> None:
    """Measure every pair."""
    from training.table import build

    for reason, count in build(pairs, out, jobs=jobs).items():
        click.echo(f"{reason:32} {count:6}")


@main.command()
@table_option
@path_option("--out", None, "Folder of the model.")
def fit(table: Path, out: Path | None) -> None:
    """Fit the model that is shipped."""
    from training.fit import fit as fit_model

    model = fit_model(table, out or model_folder())
    click.echo(f"model {model.id}")


@main.command()
@table_option
@path_option("--base", None, "Folder of the model whose opinion of pairs is kept.")
@path_option("--out", None, "Folder of the model.")
def refit(table: Path, base: Path | None, out: Path | None) -> None:
    """Refit what judges a suspect alone, and keep all else of a model."""
    from training.refit import refit_alone

    manifest = refit_alone(table, base or model_folder(), out or model_folder())
    click.echo(f"model {manifest['id']}")


@main.command()
@table_option
@pairs_option
@path_option("--out", None, "Folder of the model.")
@path_option("--figures", FIGURES, "Folder of the plots.")
@jobs_option
def evaluate(table: Path, pairs: Path, out: Path | None, figures: Path, jobs: int) -> None:
    """Evaluate the shipped model, and the procedure that made it with each corpus left out."""
    from training.evaluate import evaluate as evaluate_model

    evaluate_model(table, pairs, out or model_folder(), figures, jobs=jobs)


@main.command()
@path_option("--out", None, "Folder of the model.")
def card(out: Path | None) -> None:
    """Write the model's card from its figures."""
    from training.card import card as write_card

    write_card(out or model_folder())


@main.command()
@mirror_option
@seed_option
@pairs_option
@path_option("--out", None, "Folder of the model.")
@jobs_option
@click.option("--update", is_flag=True, help="Raise the floors to what is measured.")
@click.option("--allow-regression", is_flag=True, help="Let --update lower a floor.")
@click.option("--because", default="", help="Why a floor is lowered.")
def gate(pairs: Path, out: Path | None, jobs: int, **options: Any) -> None:
    """Compare the shipped model's figures with their floors; builds the pairs if need be."""
    from training import gate as gates

    ensure_pairs(pairs, options["mirror"], options["seed"])
    folder = out or model_folder()
    if options["update"]:
        allowed = {name: options[name] for name in ("allow_regression", "because")}
        found = gates.update(pairs, folder, jobs=jobs, **allowed)
    else:
        found = gates.gate(pairs, folder, jobs=jobs)
    for name, value in sorted(found.items()):
        click.echo(f"{name:56} {value:.4f}")


def ensure_pairs(path: Path, mirror: Path | None, seed: int) -> None:
    """Build the pairs where there are none yet."""
    if not path.is_file():
        from training.pairs import build

        build(mirror, path, seed=seed)


@main.command(name="all")
@mirror_option
@seed_option
@path_option("--out", None, "Folder of the model.")
@jobs_option
@click.pass_context
def everything(
    ctx: click.Context, mirror: Path | None, seed: int, out: Path | None, jobs: int
) -> None:
    """Go from the corpora to the model, its figures and its card."""
    ctx.invoke(pairs, mirror=mirror, seed=seed, out=PAIRS, corpus=())
    ctx.invoke(table, pairs=PAIRS, out=TABLE, jobs=jobs)
    ctx.invoke(fit, table=TABLE, out=out)
    ctx.invoke(evaluate, table=TABLE, pairs=PAIRS, out=out, figures=FIGURES, jobs=jobs)
    ctx.invoke(card, out=out)


if __name__ == "__main__":
    main()
