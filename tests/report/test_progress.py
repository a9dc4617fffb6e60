"""Progress: a bar on a terminal, notes everywhere, nothing on stdout."""

from __future__ import annotations

import io

import pytest

from importer.report.progress import Progress, SilentProgress, TerminalProgress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_bar_with_what_is_done() -> None:
    """Label, count, rate and time left stand in the bar."""
    stream = _Terminal()
    progress = TerminalProgress(stream)

    progress.start(3, "Sending")
    progress.advance(1)
    progress.advance(2)
    progress.close()

    assert "Sending:   0%" in stream.getvalue()
    assert "Sending: 100%" in stream.getvalue()
    assert "3/3 [00:00<00:00" in stream.getvalue()
    assert "titles/s]" in stream.getvalue()


def test_elsewhere_there_is_no_bar_but_the_notes_are_kept() -> None:
    """A log file holds lines, not a repainted bar."""
    stream = io.StringIO()
    progress = TerminalProgress(stream)

    progress.start(3, "Sending")
    progress.advance(3)
    progress.note("waiting 30 s")
    progress.close()

    assert stream.getvalue() == "waiting 30 s\n"


def test_a_note_stands_on_its_own_line_above_the_bar() -> None:
    """The bar is wiped, the note printed, the bar painted again."""
    stream = _Terminal()
    progress = TerminalProgress(stream)
    progress.start(3, "Sending")
    before = len(stream.getvalue())

    progress.note("waiting 30 s")

    after = stream.getvalue()[before:]
    progress.close()
    wiped, _, rest = after.partition("waiting 30 s\n")
    assert wiped.strip(" \r") == ""
    assert "Sending:   0%" in rest


def test_notes_and_labels_cannot_repaint_the_terminal() -> None:
    """Escapes in a title show as marks."""
    stream = _Terminal()
    progress = TerminalProgress(stream)

    progress.start(1, "Sending \x1b]0;owned\x07")
    progress.note("not found: \x1b[2J\u202egnp")
    progress.close()

    assert "not found: \ufffd[2J\ufffdgnp\n" in stream.getvalue()
    assert "Sending \ufffd]0;owned\ufffd" in stream.getvalue()
    assert "\x1b[2J" not in stream.getvalue()


def test_counting_outside_of_a_bar_is_harmless() -> None:
    """Closing twice and starting anew are allowed; an abandoned bar is closed by the next."""
    stream = _Terminal()
    progress = TerminalProgress(stream)

    progress.advance(1)
    progress.close()
    progress.start(1, "Reading")
    progress.start(2, "Sending")
    progress.close()
    progress.close()

    assert "Reading:   0%" in stream.getvalue()
    assert "Sending:   0%" in stream.getvalue()


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """stdout is for results."""
    TerminalProgress().note("waiting")

    assert capsys.readouterr() == ("", "waiting\n")


def test_silence_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """For tests and pipes."""
    progress: Progress = SilentProgress()

    progress.start(1, "Sending")
    progress.advance(1)
    progress.note("waiting")
    progress.close()

    assert capsys.readouterr() == ("", "")
