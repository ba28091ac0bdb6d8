"""The commands that describe: a text's readability, what is measured, and the shipped model."""

from __future__ import annotations

import click

from detector.console import json_option, reject, width


@click.command()
@click.argument("file")
@json_option
def readability(file: str, as_json: bool) -> None:
    """Print textstat's readability figures.

    One table an article of FILE, which may be any input that batch reads.

    \b
    Example:
      unspun readability article.txt
    """
    from detector import questions
    from detector.report import json_line, readability_object, readability_text

    for article, values in questions.readability(file, reject):
        if as_json:
            click.echo(json_line(readability_object(article, values)))
        else:
            click.echo(readability_text(article, values, width=width()) + "\n")


@click.command()
@json_option
def features(as_json: bool) -> None:
    """List everything that is measured.

    Name, unit, range and source of every feature, in the order of the model's columns.

    \b
    Example:
      unspun features --json
    """
    from detector.features import FEATURES
    from detector.report import feature_object, features_text, json_line

    if as_json:
        click.echo("\n".join(json_line(feature_object(f)) for f in FEATURES))
    else:
        click.echo(features_text(FEATURES, width=width()))


@click.command()
@json_option
def model(as_json: bool) -> None:
    """Describe the shipped model.

    Its id, features, thresholds and measured errors, after checking that it is intact.

    \b
    Example:
      unspun model
    """
    from detector import questions
    from detector.report import json_line, model_text

    described = questions.shipped_model()
    click.echo(json_line(described) if as_json else model_text(described))
