"""The yardsticks speak their protocol and score every idea with every setting."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ideaslab import serving

SHIPPED = Path(__file__).parents[2] / "ideas-minilm"
IDEAS = [
    {"title": "Lamps", "problem": "", "solution": "We mend the lamps of our street. " * n, "team": "Two electricians"}
    for n in (1, 9, 4)
]


def test_batches_hold_every_row_once_and_the_longest_first() -> None:
    rows = [[1, 2], [3, 4, 5, 6], [7]]
    batches = serving._batches(rows, 2)
    assert [ids.tolist() for ids, _, _ in batches] == [[[3, 4, 5, 6], [1, 2, 0, 0]], [[7]]]
    assert [mask.sum(axis=1).tolist() for _, mask, _ in batches] == [[4, 2], [1]]


@pytest.mark.parametrize("tuned", [False, True])
def test_every_setting_scores_every_idea(tuned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    run = serving._run

    def counted(opened: object, batch: serving.Batch) -> object:
        seen.append(len(batch[0]))
        answer = run(opened, batch)  # type: ignore[arg-type]  # a session or a network
        assert all(np.isfinite(part).all() for part in answer)  # type: ignore[attr-defined]  # a tuple of arrays
        return answer

    monkeypatch.setattr(serving, "_run", counted)
    settings = serving.onnx_settings(SHIPPED, 2, tuned)
    assert len(settings) == len(serving.SIZES) + 1
    for score in settings.values():
        seen.clear()
        score(IDEAS)
        assert sum(seen) == len(IDEAS)


def test_the_process_answers_line_by_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(IDEAS) + '\n"round"\n"round"\n'))
    serving.main(["transformers", "--model", str(SHIPPED), "--threads", "1"])
    setting, *rounds = map(json.loads, capsys.readouterr().out.splitlines())
    assert setting["setting"].startswith("batches of ")
    assert len(rounds) == 2 and all(answer["seconds"] > 0 for answer in rounds)
