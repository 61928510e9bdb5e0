import numpy as np

from ideaslab.nearness import CLOSE, RELATED, nearness


def directions(n: int, seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(n, 8))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_the_stated_share_of_unrelated_pairs_lies_nearer() -> None:
    embedding = directions(1600)
    found = nearness(embedding, range(1600))
    cosines = (embedding @ embedding.T)[np.triu_indices(1600, 1)]
    assert abs((cosines > found["related"]).mean() - RELATED) < RELATED / 100
    assert abs((cosines > found["close"]).mean() - CLOSE) < CLOSE / 5
    assert found["related"] < found["close"] < 1.0


def test_pairs_of_one_group_say_nothing_about_unrelated_ones() -> None:
    embedding = directions(300)
    twice = np.concatenate([embedding, embedding])  # every idea posted again by its author
    groups = list(range(300))
    assert abs(nearness(twice, groups + groups)["related"] - nearness(embedding, groups)["related"]) < 0.02


def test_a_quantile_of_too_few_pairs_is_out_of_reach() -> None:
    assert nearness(directions(20), range(20)) == {"related": 1.0, "close": 1.0}
    few = nearness(directions(100), range(100))
    assert few["related"] < 1.0 and few["close"] == 1.0
    assert nearness(directions(3), [7] * 3) == {"related": 1.0, "close": 1.0}
