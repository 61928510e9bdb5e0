"""Slices hold the rows they name, and only those that are enough to say something."""

import numpy as np

from ideaslab import evaluate
from ideaslab.proposals import Proposal
from test_prepare import FRENCH, TEXT, idea


def rows() -> list[Proposal]:
    """Return 60 ideas: one call of 52 and one of 8, lengths that grow, every other group seen before, one in French."""
    made = [
        idea(i, "F8", TEXT + " more" * i, call=1 if i < 52 else 2, outcome="funded" if i % 3 else "rejected")
        for i in range(59)
    ]
    return [*made, idea(59, "F8", FRENCH, call=2)]


def test_slices_hold_what_they_name() -> None:
    made = rows()
    found = evaluate.slices(made, set(range(0, 60, 2)))
    assert set(found["author or title seen in an earlier round"].tolist()) == set(range(0, 60, 2))
    assert set(found["new author"].tolist()) == set(range(1, 60, 2))
    assert found["call 1"].tolist() == list(range(52))
    assert found["language en"].tolist() == list(range(59))
    thirds = [part for name, part in found.items() if "words" in name]
    assert sorted(np.concatenate(thirds).tolist()) == list(range(60))


def test_a_language_or_call_of_few_ideas_is_no_slice() -> None:
    assert not {"call 2", "language fr"} & set(evaluate.slices(rows(), set()))


def test_every_slice_has_figures_and_the_models_intervals() -> None:
    made = rows()
    truth = evaluate.Truth(made)
    score = np.random.default_rng(1).normal(size=len(made))
    scores = {"model": score, "baseline": -score}
    told = evaluate.sliced(truth, {"all": np.arange(len(made))}, (scores, scores), "model", "baseline", rounds=50)["all"]
    low, high = told["success_auc_interval"]
    assert low <= told["success_auc"]["model"] <= high
    assert told["success_auc"]["model"] + told["success_auc"]["baseline"] == 1


def test_the_relative_ndcg_gives_the_calls_least_idea_no_gain_and_weighs_calls_alike() -> None:
    made = [idea(i, "F8", TEXT, call=i // 20, support=0.4 + 0.02 * (i % 20)) for i in range(60)]
    truth, every = evaluate.Truth(made), np.arange(60)
    figure = evaluate.success_figures(truth)["ndcg10_relative_within_call"]
    assert figure(truth.support, every) == 1
    assert figure(-truth.support, every) < 0.5 < evaluate.success_figures(truth)["ndcg10_within_call"](-truth.support, every)
