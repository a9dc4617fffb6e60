"""The terminal summary, for people. Data from exports enters as `Text` made by `said`, never as markup."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from rich.columns import Columns
from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from importer.report.page import NARROWEST, counted, printed, said
from importer.report.summary import DateCounts, Disagreement, ScaleScores, ScoreCount, Summary
from importer.stages.chunk import Forecast
from importer.vocabulary import scales
from importer.vocabulary.outcomes import EXPLANATIONS, QUIET_CODES, Code, Outcome

LISTED_FILES = 12  # beyond that, files are only counted
LISTED_SCORES = 24  # beyond that, scores are shown as ranges
_NAMED_FILES = 3
_BAR_CELLS = 32
_INDENT = 2
_EIGHTHS = " ▏▎▍▌▋▊▉"

Section = Iterable[RenderableType]
_Key = TypeVar("_Key")


def render(summary: Summary, *, width: int, color: bool = False) -> str:
    """The summary as text of at most `width` cells a line (but never under 40), ending in a newline."""
    width = max(width, NARROWEST)
    parts: list[RenderableType] = []
    for title, lines in _sections(summary, width):
        if body := list(lines):
            parts += [said(title, style="bold"), *(Padding(line, (0, 0, 0, _INDENT)) for line in body), ""]
    return printed(parts, width=width, color=color)


def _sections(summary: Summary, width: int) -> Iterator[tuple[str, Section]]:
    """Every part under its heading, in reading order; empty ones are left out."""
    facts = summary.facts
    repairs = {code: rows for code, rows in summary.codes.items() if code not in QUIET_CODES}
    quiet = {code: rows for code, rows in summary.codes.items() if code in QUIET_CODES}
    run = "" if facts.run is None else f", run {facts.run}"
    yield f"{facts.command}{run}: {counted(summary.records, 'record')} read", _totals(summary)
    yield "Read", _inputs(facts.inputs, width)
    yield "Not UTF-8", _encodings(facts.encodings)
    yield "Holds for whole files", _passed_over(facts.told)
    yield "Passed over", _passed_over(facts.passed_over)
    yield "By source", _by_source(summary.by_source, width)
    yield "Scores as exported (score → rating: rows)", _scores(summary.scores)
    yield "Ratings", _ratings(summary.ratings, width)
    yield "Dates", _dates(summary)
    yield f"Rows disagree about {counted(summary.disagreements, 'title')}", _disagreements(summary)
    yield "Ids held back", _held_back(summary.held_back)
    yield f"Left over: {counted(summary.leftovers)} to repair", _codes(repairs)
    yield "Left aside, nothing to repair", _codes(quiet)
    for title, lines in facts.account:
        yield title, map(said, lines)
    yield "Requests", _requests(summary)
    yield "Paused", map(said, facts.paused.splitlines())
    yield "Next", map(said, facts.next_steps)


# --- words ------------------------------------------------------------------------------------------------


def _label(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")


def _grid(*justify: JustifyMethod) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for side in justify:
        grid.add_column(justify=side, overflow="fold")
    return grid


def _filled(grid: Table) -> Section:
    return [grid] if grid.row_count else []


def _fits(table: Table, width: int) -> bool:
    return Console(width=10_000, file=io.StringIO()).measure(table).maximum <= width - _INDENT


# --- what was read ----------------------------------------------------------------------------------------


def _totals(summary: Summary) -> Section:
    """The books, closed before the reader's eyes."""
    parts = [f"{rows:,} {_label(outcome)}" for outcome, rows in summary.outcomes.items() if rows]
    return [said(f"{summary.records:,} = ", " + ".join(parts)) if parts else Text("No file held a record.")]


def _inputs(inputs: Sequence[tuple[str, str, str]], width: int) -> Section:
    if len(inputs) > LISTED_FILES:
        shapes = _grouped((entry[1:], entry[0]) for entry in inputs)
        inputs = [(counted(len(files), "file"), *shape) for shape, files in shapes.items()]
    grid = _grid("left", "left", "left")
    for entry in inputs:
        grid.add_row(*map(said, entry))
    if _fits(grid, width):
        return _filled(grid)
    return [said(f"{file}: {shape}, {evidence}") for file, shape, evidence in inputs]


def _encodings(encodings: Sequence[tuple[str, str]]) -> Section:
    for encoding, files in _grouped((encoding, file) for file, encoding in encodings).items():
        yield said(encoding, ": ", _names(files))


def _passed_over(passed_over: Sequence[tuple[str, str]]) -> Section:
    reasons = list(_grouped((why, file) for file, why in passed_over).items())
    for why, files in reasons[:LISTED_FILES]:
        yield said(_names(files))
        yield Padding(said(why, style="dim"), (0, 0, 0, _INDENT))
    if more := sum(len(files) for _, files in reasons[LISTED_FILES:]):
        yield said(f"and {counted(more, 'file')} more")


def _grouped(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    found: dict[_Key, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _names(files: Sequence[str]) -> str:
    more = len(files) - _NAMED_FILES
    return ", ".join(files[:_NAMED_FILES]) + (f" and {more:,} more" if more > 0 else "")


# --- where the rows ended ---------------------------------------------------------------------------------


def _by_source(by_source: Mapping[str, Mapping[Outcome, int]], width: int) -> Section:
    """A table where it fits, else a sentence for each source."""
    shown = [outcome for outcome in Outcome if any(outcome in found for found in by_source.values())]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(Text("source"), no_wrap=True)
    for heading in ("records", *map(_label, shown)):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for source, found in by_source.items():
        numbers = [sum(found.values()), *(found.get(outcome, 0) for outcome in shown)]
        table.add_row(said(source), *(Text(f"{number:,}") for number in numbers))
    if _fits(table, width):
        return _filled(table)
    return [
        said(f"{source}: ", ", ".join(f"{found[end]:,} {_label(end)}" for end in shown if end in found))
        for source, found in by_source.items()
    ]


def _codes(codes: Mapping[Code, int]) -> Section:
    grid = _grid("right", "left")
    for code, rows in codes.items():
        told = EXPLANATIONS[code]
        words = Text.assemble((code.value, "bold"), f": {told.sentence}\n", (told.hint, "dim"))
        grid.add_row(Text(f"{rows:,}"), words)
    return _filled(grid)


# --- scores and ratings -----------------------------------------------------------------------------------


def _scores(found: Sequence[ScaleScores]) -> Section:
    for scale in found:
        known = scales.SCALES.get(scale.scale)
        yield said(scale.scale, f" ({known.title})" if known else "")
        yield Padding(Columns(map(said, _score_list(scale.scores)), padding=(0, 3, 0, 0)), (0, 0, 0, _INDENT))


def _score_list(scores: Sequence[ScoreCount]) -> list[str]:
    """`3.5 → 7: 12` for each score; for neighbours together where there are too many to read."""
    if len(scores) <= LISTED_SCORES:
        return [f"{_becomes(counted.score, counted.rating)}: {counted.rows:,}" for counted in scores]
    parts = [list(part) for _, part in groupby(scores, key=attrgetter("rating"))]
    return [
        f"{_becomes(_range(part), part[0].rating)}: {sum(counted.rows for counted in part):,}" for part in parts
    ]


def _becomes(score: str, rating: int) -> str:
    return score if score == str(rating) else f"{score} → {rating}"


def _range(part: Sequence[ScoreCount]) -> str:
    return part[0].score if len(part) == 1 else f"{part[0].score} to {part[-1].score}"


def _ratings(ratings: Mapping[int, int], width: int) -> Section:
    most = max(ratings.values(), default=0)
    if not most:
        return []
    grid = _grid("right", "right", "left")
    cells = min(_BAR_CELLS, width - 24)
    for rating, rows in sorted(ratings.items(), reverse=True):
        grid.add_row(
            Text(str(rating)), Text(f"{rows:,}"), Text(_bar(rows, most, cells), style="cyan", no_wrap=True)
        )
    return [grid]


def _bar(rows: int, most: int, cells: int) -> str:
    """As long as its share of the longest bar, to an eighth of a cell; what is there at all can be seen."""
    eighths = max(rows * cells * 8 // most, 1 if rows else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


# --- dates, disagreements, requests -----------------------------------------------------------------------


def _dates(summary: Summary) -> Section:
    grid = _grid("right", "left")
    today = "Simkl dates them on arrival" if summary.facts.forecast is None else "will be dated today"
    for count, words in _date_lines(summary.dates, today):
        if count:
            grid.add_row(Text(f"{count:,}"), said(words))
    return _filled(grid)


def _date_lines(dates: DateCounts, today: str) -> Iterator[tuple[int, str]]:
    yield dates.exact, "with date and time"
    yield dates.by_day, "with the day alone, kept at noon UTC"
    for column, count in dates.stand_ins.items():
        yield count, f"with a stand-in date, from {column} (--no-stand-in-dates leaves it out)"
    yield dates.undated, f"without a date: {today}"


def _disagreements(summary: Summary) -> Section:
    yield from map(_disagreement, summary.examples)
    if more := summary.disagreements - len(summary.examples):
        yield said(f"and {more:,} more, told in outcomes.csv")
    if summary.examples:
        yield said("--prefer decides which row speaks.", style="dim")


def _disagreement(found: Disagreement) -> Text:
    year = f" ({found.year})" if found.year else ""
    others = ", ".join(f"{said.rating} in {said.where}" for said in found.others)
    return said(found.title, year, f": {found.speaker.rating} from {found.speaker.where} speaks; {others}")


def _held_back(count: int) -> Section:
    if not count:
        return []
    return [
        said(f"{counted(count, 'title')}: ids that name the whole franchise are not sent beside one season's own.")
    ]


def _requests(summary: Summary) -> Section:
    facts = summary.facts
    if facts.forecast is not None:
        return [said(_forecast(facts.forecast, summary.outcomes[Outcome.PENDING]))]
    if facts.posts or facts.gets:
        return [said(f"{counted(facts.posts, 'POST')} and {counted(facts.gets, 'GET')} made")]
    return []


def _forecast(forecast: Forecast, titles: int) -> str:
    if not forecast.posts:
        return "Nothing to send."
    reads = f" and {counted(forecast.gets, 'GET')}" if forecast.gets else ""
    return f"{counted(forecast.posts, 'POST')}{reads} for {counted(titles, 'title')}, {_duration(forecast.seconds)}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    return f"about {counted(minutes, 'minute')}" if not hours else f"about {hours} h {rest} min"
