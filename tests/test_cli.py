"""The command line: what it prints, where it writes, and how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.commanding import run
from tests.migrating import movies, table

IMDB = (
    "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,"
    "Release Date,Directors"
)


def imdb(path: Path, *rows: str) -> Path:
    """An IMDb export with these rows: const, rating, date, title, type, year."""
    lines = [IMDB]
    for row in rows:
        const, score, date, title, kind, year = row.split(",")
        lines.append(
            f"{const},{score},{date},{title},https://x/,{kind},7.0,100,{year},Drama,100,2000-01-01,Someone"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def outcomes(folder: Path) -> list[dict[str, str]]:
    """The rows of a report."""
    with (folder / "outcomes.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_preview_shows_the_plan_and_sends_nothing(tmp_path: Path) -> None:
    """Rows that would go are pending; the exit code is 0 when nothing needs repair."""
    file = imdb(tmp_path / "ratings.csv", "tt0137523,10,2017-12-03,Fight Club,movie,1999")
    done = run(["preview", str(file), "-o", "report"], tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = outcomes(tmp_path / "report")
    assert (row["outcome"], row["imdb"], row["rating"], row["rated_at"]) == (
        "pending", "tt0137523", "10", "2017-12-03T12:00:00Z",
    )  # fmt: skip


def test_preview_without_a_folder_writes_nothing(tmp_path: Path) -> None:
    """Looking leaves no trace."""
    run(["preview", str(movies(tmp_path / "mine.csv", 2))], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv"]


def test_preview_says_with_its_exit_code_that_rows_stay_behind(tmp_path: Path) -> None:
    """An episode cannot be sent: exit code 1; an unrated row is quiet: exit code 0."""
    file = imdb(tmp_path / "e.csv", "tt2178784,9,2020-01-01,The Rains of Castamere,tvEpisode,2013")
    assert run(["preview", str(file)], tmp_path).returncode == 1
    quiet = table(
        tmp_path / "q.csv", ["Heat,1995,movie,9,2020-01-01,tt0113277,,", "Alien,1979,movie,,,tt0078748,,"]
    )
    assert run(["preview", str(quiet)], tmp_path).returncode == 0


def test_json_is_the_promised_summary(tmp_path: Path) -> None:
    """Just the summary on standard output, with the promised keys."""
    done = run(["preview", str(movies(tmp_path / "mine.csv", 3, dated=lambda n: n > 1)), "--json"], tmp_path)
    assert json.loads(done.stdout) == {
        "rateport": "0.1.0",
        "command": "preview",
        "run": None,
        "records": 3,
        "outcomes": {
            "confirmed": 0, "unchanged": 0, "kept": 0, "duplicate": 0, "rejected": 0, "not_found": 0, "pending": 3,
        },
        "codes": {},
        "sources": {"rateport": 3},
        "requests": {"get": 0, "post": 0},
        "undated": 1,
        "stand_in_dates": 0,
        "exit_code": 0,
    }  # fmt: skip


def test_json_stays_json_when_leftovers_remain(tmp_path: Path) -> None:
    """What to do now goes to standard error."""
    file = imdb(tmp_path / "e.csv", "tt2178784,9,2020-01-01,The Rains of Castamere,tvEpisode,2013")
    done = run(["preview", str(file), "--json", "-o", "report"], tmp_path)
    assert json.loads(done.stdout)["codes"] == {"unsupported-kind": 1}
    assert "leftovers.csv" in done.stderr


def test_import_into_the_sandbox_is_a_whole_import(tmp_path: Path) -> None:
    """Sent, confirmed, reported in rateport-report; a second run sends nothing and takes a fresh folder."""
    file = movies(tmp_path / "mine.csv", 3)
    first = run(["import", str(file), "--sandbox", "--yes"], tmp_path)
    assert first.returncode == 0, first.stderr
    assert {row["outcome"] for row in outcomes(tmp_path / "rateport-report")} == {"confirmed"}
    second = run(["import", str(file), "--sandbox", "--yes", "--json"], tmp_path)
    assert json.loads(second.stdout)["requests"] == {"get": 5, "post": 0}
    assert json.loads(second.stdout)["outcomes"]["unchanged"] == 3
    assert (tmp_path / "rateport-report-2").is_dir()


def test_import_refuses_to_go_on_unasked(tmp_path: Path) -> None:
    """Without a terminal and without --yes nothing is sent."""
    done = run(["import", str(movies(tmp_path / "mine.csv", 3)), "--sandbox"], tmp_path)
    assert done.returncode == 2
    assert "--yes" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["preview", "nowhere.csv"], 3, "there is no such file"),
        (["preview", "odd.csv"], 3, "not an export that rateport knows"),
        (["preview", "mine.csv", "--timezone", "Mars/Olympus"], 2, "no time zone"),
        (["preview", "mine.csv", "--prefer", "loudest"], 2, "newest, oldest, highest"),
        (["preview", "mine.csv", "--since", "yesterday"], 2, "YYYY-MM-DD"),
        (["preview", "mine.csv", "--source", "imbd"], 2, "no such source"),
        (["preview", "mine.csv", "--source", "imdb"], 3, "not recognised"),
        (["preview", "mine.csv", "--encoding", "klingon"], 2, "no such encoding"),
        (["preview"], 2, "Missing argument"),
        (["preview", "mine.csv", "--frobnicate"], 2, "No such option"),
        (["sources", "nothing"], 2, "There is no source"),
        (["import", "mine.csv", "--yes"], 4, "RATEPORT_CLIENT_ID"),
    ],
)
def test_every_mistake_gets_a_sentence(tmp_path: Path, arguments: list[str], exit_code: int, said: str) -> None:
    """What is wrong, the exit code of its kind, and never a traceback."""
    movies(tmp_path / "mine.csv", 2)
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = run(arguments, tmp_path)
    assert done.returncode == exit_code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_identify_tells_what_and_why(tmp_path: Path) -> None:
    """The source, the shape, what told it, and how sure the format is."""
    file = imdb(tmp_path / "export.csv", "tt0137523,10,2017-12-03,Fight Club,movie,1999")
    done = run(["identify", str(file)], tmp_path)
    assert done.returncode == 0
    assert "IMDb, ratings (imdb:ratings)" in done.stdout
    assert "your rating" in done.stdout


def test_a_wrong_config_is_named(tmp_path: Path) -> None:
    """An unknown setting is an error that says where it stands."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("timezoon = 'UTC'\n", encoding="utf-8")
    done = run(["preview", str(movies(tmp_path / "mine.csv", 1))], tmp_path)
    assert done.returncode == 2
    assert "timezoon" in done.stderr
    assert "config.toml" in done.stderr


def test_flags_win_over_the_config(tmp_path: Path) -> None:
    """hold_undated of the file, --type of the flag."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("hold_undated = true\ntype = ['anime']\n", encoding="utf-8")
    file = movies(tmp_path / "mine.csv", 2, dated=lambda number: number == 1)
    done = run(["preview", str(file), "--type", "movies", "--json"], tmp_path)
    assert json.loads(done.stdout)["outcomes"]["pending"] == 1
    assert json.loads(done.stdout)["codes"] == {"held-undated": 1}


def test_a_show_is_rated_by_its_seasons_when_asked(tmp_path: Path) -> None:
    """The flag and the setting mean the same, and a word that is no rule is named."""
    lost = {"title": "Lost", "year": 2004, "ids": {"imdb": "tt0411008"}}
    rows = [
        {"rated_at": f"2012-0{number}-01T00:00:00Z", "rating": score, "type": "season", "show": lost}
        | {"season": {"number": number, "ids": {"tmdb": number}}}
        for number, score in ((1, 10), (2, 7))
    ]
    (tmp_path / "ratings-seasons.json").write_text(json.dumps(rows), encoding="utf-8")
    done = run(["preview", "ratings-seasons.json", "--shows-from-seasons", "mean", "-o", "report"], tmp_path)
    assert done.returncode == 0, done.stderr
    by_flag = outcomes(tmp_path / "report")
    assert [(row["kind"], row["rating"], row["outcome"]) for row in by_flag] == [
        ("season", "10", "duplicate"),
        ("show", "9", "pending"),
    ]
    assert by_flag[1]["detail"] == "derived from 2 season ratings of this show (mean)"
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "config.toml").write_text("shows_from_seasons = 'highest'\n", encoding="utf-8")
    assert run(["preview", "ratings-seasons.json", "-o", "again"], tmp_path).returncode == 0
    assert outcomes(tmp_path / "again")[1]["rating"] == "10"
    (tmp_path / "home" / "config.toml").write_text("shows_from_seasons = 'median'\n", encoding="utf-8")
    done = run(["preview", "ratings-seasons.json"], tmp_path)
    assert done.returncode == 2
    assert "shows_from_seasons" in done.stderr
    assert "known are mean, latest, highest" in done.stderr


def test_reports_inside_a_named_folder_are_not_read_again(tmp_path: Path) -> None:
    """`rateport import .` twice does not import its own report."""
    movies(tmp_path / "mine.csv", 2)
    run(["import", ".", "--sandbox", "--yes"], tmp_path)
    done = run(["preview", ".", "--json"], tmp_path)
    assert json.loads(done.stdout)["records"] == 2


LEFTOVERS = (
    "row_id,code,hint,kind,title,year,rating,rated_at,simkl,imdb\nx:1,no-id,,movie,Heat,1995,8,2020-01-01,,\n"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ["preview", "in", "-o", "in/sub"],
        ["preview", "in", "-o", "in/sub/../sub"],
        ["preview", "in", "-o", "way"],
        ["preview", "in/sub/leftovers.csv", "-o", "way"],
        ["preview", "link.csv", "-o", "in/sub"],
        ["import", "in", "mine.csv", "--sandbox", "--yes", "-o", "in/sub"],
    ],
    ids=" ".join,
)
def test_what_is_read_is_never_overwritten_by_the_report(tmp_path: Path, arguments: list[str]) -> None:
    """Repaired leftovers below a named folder, whatever way leads to them; nothing is sent."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    repaired = tmp_path / "in" / "sub" / "leftovers.csv"
    repaired.write_text(LEFTOVERS, encoding="utf-8")
    movies(tmp_path / "mine.csv", 2)
    (tmp_path / "way").symlink_to(tmp_path / "in" / "sub", target_is_directory=True)
    (tmp_path / "link.csv").symlink_to(repaired)
    done = run(arguments, tmp_path)
    assert done.returncode == 2, done.stderr
    assert "would be overwritten; name another folder with -o." in done.stderr
    assert "Reading your account" not in done.stderr
    assert [path.name for path in repaired.parent.iterdir()] == ["leftovers.csv"]
    assert repaired.read_text(encoding="utf-8") == LEFTOVERS


def test_a_report_goes_beside_exports_and_over_an_older_report(tmp_path: Path) -> None:
    """Into a subfolder of what is named, as often as one likes: exports that lie there stay, and are read."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    before = movies(tmp_path / "in" / "sub" / "mine.csv", 2).read_bytes()
    for _ in range(2):
        done = run(["preview", "in", "-o", "in/sub", "--json"], tmp_path)
        assert (done.returncode, json.loads(done.stdout)["records"]) == (0, 2), done.stderr
    assert (tmp_path / "in" / "sub" / "mine.csv").read_bytes() == before
    said = run(["preview", "in"], tmp_path).stdout
    assert "  in/sub/leftovers.csv, in/sub/outcomes.csv, in/sub/summary.json\n    a report of rateport" in said


def test_no_terminal_is_so_wide_that_a_page_never_ends(tmp_path: Path) -> None:
    """As many columns as somebody may write into COLUMNS."""
    done = run(["preview", str(movies(tmp_path / "mine.csv", 2))], tmp_path, {"COLUMNS": "99999999"})
    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 500


def test_a_narrow_terminal_and_odd_titles_are_survived(tmp_path: Path) -> None:
    """60 columns, escape codes and right-to-left marks in titles."""
    rows = ["\x1b[31mRed\u202e [/x],2001,movie,9,2020-01-01,,,", "Red,2001,movie,8,2020-01-01,tt0137523,,"]
    done = run(["preview", str(table(tmp_path / "mine.csv", rows))], tmp_path, {"COLUMNS": "60"})
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 60


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The folder is a file: a sentence, exit code 2, the input untouched."""
    file = movies(tmp_path / "mine.csv", 2)
    before = file.read_bytes()
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = run(["preview", str(file), "-o", "taken"], tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before
