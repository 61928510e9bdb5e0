"""Pictures: the golden measures, files, the hash, the image graph, and what pictures add to the launch head."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ideaslab import image_graph, pictures
from ideaslab.launch_pictures import Term, fit_term
from ideaslab.metrics import Floats, auc
from ideaslab.pictures import FEATURES, Measures

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "internal" / "picture" / "testdata" / "measures.jsonl"
ENCODER = ROOT / "internal" / "scoring" / "testdata" / "image-encoder"


def scene(seed: int, colourful: bool = True, sharp: bool = True) -> Image.Image:
    """Return a drawn picture."""
    source = np.random.default_rng(seed)
    picture = Image.new("RGB", (160, 120), tuple(source.integers(60, 200, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, w, h = source.integers(0, [140, 100, 70, 60])
        draw.ellipse([int(x), int(y), int(x + w + 8), int(y + h + 8)], fill=tuple(source.integers(0, 255, 3).tolist()))
    if not colourful:
        picture = picture.convert("L").convert("RGB")
    return picture if sharp else picture.filter(ImageFilter.GaussianBlur(4))


def measured(picture: Image.Image) -> Measures:
    return pictures.measure(np.asarray(picture, dtype=np.float64))


def test_the_golden_file_is_what_this_module_measures() -> None:
    for line, fresh in zip(GOLDEN.read_text(encoding="utf-8").splitlines(), pictures.golden().splitlines(), strict=True):
        old, new = json.loads(line), json.loads(fresh)
        assert old.keys() == new.keys()
        assert old["hash"] == new["hash"] and old["picture"] == new["picture"]
        for name, value in old.items():
            if name not in ("hash", "picture"):
                assert new[name] == pytest.approx(value, rel=1e-6, abs=1e-9), (old["picture"], name)


def test_a_file_is_measured_as_its_pixels_and_holes_are_white(tmp_path: Path) -> None:
    scene(1).save(tmp_path / "a.png")
    assert pictures.measure_file(tmp_path / "a.png") == measured(scene(1))
    Image.new("RGBA", (9, 7), (0, 0, 0, 0)).save(tmp_path / "hole.png")
    hole = pictures.measure_file(tmp_path / "hole.png")
    assert (hole.brightness, hole.flat, hole.hash) == (1.0, 1.0, "")


def test_the_hash_finds_a_picture_in_another_size_and_format_and_no_other(tmp_path: Path) -> None:
    first = measured(scene(1))
    scene(1).resize((80, 60), Image.Resampling.LANCZOS).save(tmp_path / "small.jpg", quality=60)
    again = pictures.measure_file(tmp_path / "small.jpg")
    assert pictures.distance(first.hash, again.hash) <= pictures.ALIKE
    others = [pictures.distance(first.hash, measured(scene(seed)).hash) for seed in range(2, 30)]
    assert min(others) > pictures.ALIKE


def test_blur_and_grey_move_the_measures_that_they_should() -> None:
    plain, grey, soft = measured(scene(3)), measured(scene(3, colourful=False)), measured(scene(3, sharp=False))
    assert soft.sharpness < plain.sharpness / 10
    assert grey.colourfulness == pytest.approx(0, abs=1e-9) and plain.colourfulness > 20
    assert grey.saturation == 0 and grey.brightness == pytest.approx(plain.brightness, abs=0.01)


def test_features_have_a_finite_number_for_each_name() -> None:
    for one in (measured(scene(1)), pictures.measure(np.zeros((1, 1, 3))), Measures(0, 0, *[0.0] * 7, "")):
        assert len(one.features()) == len(FEATURES) and np.isfinite(one.features()).all()
    assert (pictures.mean_features([]) == 0).all()


def test_the_checked_in_image_graph_is_what_the_lab_makes(tmp_path: Path) -> None:
    assert image_graph.main(["--out", str(tmp_path)]) == 0
    for name in ("model.onnx", "manifest.json"):
        assert (tmp_path / name).read_bytes() == (ENCODER / name).read_bytes()
    for old, new in zip((ENCODER / "golden.jsonl").read_text().splitlines(), (tmp_path / "golden.jsonl").read_text().splitlines(), strict=True):
        assert json.loads(new)["embedding"] == pytest.approx(json.loads(old)["embedding"], abs=1e-5)


def town(n: int, effect: float) -> tuple[Floats, list[list[Measures]], Floats, list[int]]:
    """Return logits, pictures, outcomes and groups: ideas with sharp and colourful pictures succeed more often."""
    source = np.random.default_rng(5)
    good = {flag: [measured(scene(100 + i, flag, flag)) for i in range(8)] for flag in (True, False)}
    logits, success, shown = source.normal(0, 1, n), np.zeros(n), []
    for i in range(n):
        fine = bool(source.random() < 0.5)
        own = [good[fine][int(source.integers(8))]] if source.random() < 0.8 else []
        pull = effect * (1 if fine else -1) if own else 0.0
        success[i] = source.random() < 1 / (1 + np.exp(-(logits[i] + pull)))
        shown.append(own)
    return logits, shown, success, [i // 2 for i in range(n)]


def test_pictures_that_tell_of_success_raise_the_heads_auc() -> None:
    logits, shown, success, groups = town(800, effect=1.5)
    learn = np.arange(800) < 500
    term = fit_term(logits[learn], [p for p, k in zip(shown, learn, strict=True) if k], success[learn], groups[:500])
    assert term is not None
    fresh = logits[~learn] + term.read(shown[500:])
    assert auc(success[~learn], fresh) > auc(success[~learn], logits[~learn]) + 0.05
    assert term.read([[]]).tolist() == [0.0]
    held = json.loads(json.dumps(term.as_json()))
    assert held["features"] == list(FEATURES)
    again = Term(*(np.array(held[name]) for name in ("mean", "scale", "weights")), held["shown"], term.penalty)
    assert np.allclose(again.read(shown[500:]), term.read(shown[500:]))


def test_without_pictures_the_head_stays_as_it_is() -> None:
    logits, shown, success, groups = town(200, effect=1.5)
    assert fit_term(logits, [[] for _ in shown], success, groups) is None


def test_pictures_that_tell_nothing_add_next_to_nothing() -> None:
    logits, shown, success, groups = town(400, effect=0.0)
    term = fit_term(logits, shown, success, groups)
    assert term is None or np.abs(term.read(shown)).mean() < 0.2
