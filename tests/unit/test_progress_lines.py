"""Lines of progress come by themselves, however long a task says nothing."""

from __future__ import annotations

import time

import pytest

from agentmarts.commands.progress_lines import ProgressLines


def test_a_line_comes_again_while_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressLines(seconds=0.05) as progress:
        progress.doing("pulls", "pulling [1 of 2]")
        progress.doing("files", "writing files")
        time.sleep(0.3)
        progress.finished("pulls")
        time.sleep(0.2)
    lines = capfd.readouterr().err.splitlines()
    assert len([line for line in lines if "pulling [1 of 2]; writing files …" in line]) >= 2
    assert lines[-1].endswith("s  writing files …")


def test_nothing_under_way_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressLines(seconds=0.02):
        time.sleep(0.1)
    assert capfd.readouterr().err == ""
