"""The tables of the model card, each from the metrics of one phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .encoder import CRITERIA
from .figure_names import FIGURES
from .markdown import number, spread, table
from .pack import Calibration

REASONS = {
    "challenge_setting": "proposals for calls, not ideas; judged by other questions",
    "duplicate": "same text as a later row of its round",
    "near_duplicate": "nearly the same text as a later row of its round",
    "duplicate_of_later_round": "same text as a row of a later round, which may be its test",
    "near_duplicate_of_later_round": "nearly the same text as a row of a later round",
    "too_short": "under five words",
    "no_label": "neither rating nor outcome",
    "language": "plainly in another language than English",
}


def _gap(value: Sequence[float]) -> str:
    return f"{value[0]:+.3f} ({value[1]:+.3f} to {value[2]:+.3f})"


def _target(key: str, value: float, target: float) -> str:
    met = not FIGURES[key].better(target, value)
    return f"{target:.2f}, " + ("reached" if met else f"missed by {abs(target - value):.3f}")


def against(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    """Return every figure of the model beside the baseline's, their paired difference, and the design's target."""
    rows = []
    for key, gap in metrics["against_baseline"].items():
        part, figure = key.split(".")
        ours, theirs = metrics[part][model][figure], metrics[part][baseline][figure]
        design = metrics["design"].get(key)
        rows.append([
            FIGURES[key].title, spread(ours), spread(theirs), _gap(gap),
            "–" if design is None else f"{design['baseline']:.3f}",
            "–" if design is None else _target(key, ours[0], design["target"]),
        ])
    return table(
        ["figure", "model", "TF-IDF + logistic regression, same rows", "difference", "baseline in the design", "target"],
        rows,
    )


def everyone(metrics: Mapping[str, Any], part: str) -> str:
    """Return the figures of one part for every score."""
    scores = metrics[part]
    names = list(next(iter(scores.values())))
    rows = [[name, *(spread(values[f]) for f in names)] for name, values in scores.items()]
    return table(["score", *(FIGURES[f"{part}.{f}"].title for f in names)], rows)


def slices(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    """Return the figures by slice, the model's with its interval, then the baseline's."""
    rows = []
    for name, figures in metrics["slices"].items():
        row = [name, str(figures["ideas"])]
        for key in ("success_auc", "rating_auc", "rating_spearman"):
            ours = [figures[key][model], *figures[f"{key}_interval"]]
            row.append(f"{spread(ours)} / {number(figures[key][baseline])}")
        rows.append(row)
    return table(["slice", "ideas", "funded AUC", "rating AUC", "rating Spearman"], rows)


def weak(metrics: Mapping[str, Any], model: str, baseline: str) -> str:
    """Return a list of the figures that miss their target, do not surely beat the baseline, or fall behind it."""
    lines = []
    for key, design in metrics["design"].items():
        part, name = key.split(".")
        value = metrics[part][model][name][0]
        if FIGURES[key].better(design["target"], value):
            lines.append(f"- {FIGURES[key].title}: {value:.3f}, short of its target of {design['target']:.2f}.")
    for key, gap in metrics["against_baseline"].items():
        figure = FIGURES[key]
        if not figure.better(gap[0], 0):
            lines.append(f"- {figure.title}: not better than the baseline on the test round ({gap[0]:+.3f}).")
        elif gap[1] <= 0 <= gap[2]:
            lines.append(f"- {figure.title}: better than the baseline ({gap[0]:+.3f}), but the interval holds zero.")
    for name, figures in metrics["slices"].items():
        for key in ("success_auc", "rating_auc"):
            if figures[key][model] < figures[key][baseline]:
                lines.append(f"- {name}: {key.replace('_', ' ')} {number(figures[key][model])}, "
                             f"baseline {number(figures[key][baseline])}.")
    return "\n".join(lines)


def classification(metrics: Mapping[str, Any]) -> str:
    """Return the classification report."""
    made = metrics["classification"]
    rows = [
        [name, *(number(made["report"][name][k]) for k in ("precision", "recall", "f1-score")),
         f"{made['report'][name]['support']:.0f}"]
        for name in ("not funded", "funded", "macro avg", "weighted avg")
    ]
    return (
        table(["class", "precision", "recall", "F1", "ideas"], rows)
        + f"\n\n\"Funded\" is said from a calibrated chance of {made['threshold']:.3f}, the base rate; accuracy there "
        f"{number(made['report']['accuracy'])}. From one half: accuracy {number(made['accuracy_at_half'])}; "
        f"always saying no: {number(made['accuracy_of_always_no'])}."
    )


def calibration(metrics: Mapping[str, Any], made: Calibration) -> str:
    """Return calibration and intervals with their cross-fitted figures, and the reliability table."""
    figures = metrics["calibration"]
    criteria = [
        [c, f"{made.slopes[c][0]:.3f} x {made.slopes[c][1]:+.3f}", f"± {made.radii[c]:.2f}",
         number(figures[f"coverage_{c}"]), number(metrics["criteria_spearman"][c])]
        for c in CRITERIA
    ]
    bins = [
        [str(part["n"]), number(part["mean_probability"]), spread([part["observed"], part["low"], part["high"]])]
        for part in figures["reliability"]
    ]
    return (
        f"Brier {number(figures['brier'])} (always the base rate: {number(figures['brier_of_base_rate'])}), "
        f"expected calibration error {number(figures['ece'])} in ten equal bins. Success: logit / "
        f"{made.temperature:.3f} {made.intercept:+.3f}, interval ± {made.radius_logit:.3f} on the logit, coverage of "
        f"blocks {number(figures['coverage_success_blocks'])} at level {made.level}.\n\n"
        + table(["criterion", "line", f"{made.level:.0%} interval", "coverage", "Spearman"], criteria)
        + "\n\nReliability, ideas in ten equal parts by chance, with Wilson intervals:\n\n"
        + table(["ideas", "mean chance", "share funded"], bins)
    )


def blends(chosen: Mapping[str, Any]) -> str:
    """Return how each output is joined and on what evidence."""
    parts = {"success (AUC inside calls)": chosen["success"], **{f"{c} (Spearman)": chosen["criteria"][c] for c in CRITERIA}}
    rows = [
        [name, number(part["alone"]), number(part["blended"]), "joined" if part["used"] else "head alone",
         ", ".join(f"{k} {v:+.2f}" for k, v in part["weights"].items())]
        for name, part in parts.items()
    ]
    return table(["output", "head alone", "joined", "shipped", "weights"], rows)


def history(metrics: Mapping[str, Any]) -> str:
    """Return the development report of every epoch of every member."""
    columns = {
        "loss": "loss", "success_auc": "funded AUC", "brier": "Brier", "f1_yes": "F1 funded", "f1_no": "F1 not funded",
        "rating_auc": "rating AUC", "rating_spearman": "rating Spearman",
    }
    rows = [
        [name.removeprefix("member-"), f"{epoch['epoch']:.0f}", *(number(epoch[k]) if k in epoch else "–" for k in columns)]
        for name, member in metrics["training"]["members"].items() for epoch in member
    ]
    return table(["member (seed-fold)", "epoch", *columns.values()], rows)


def aside(metrics: Mapping[str, Any]) -> str:
    """Return how many rows were set aside, by reason."""
    return table(
        ["reason", "rows", "meaning"], [[k, str(v), REASONS[k]] for k, v in metrics["rows"]["quarantine"].items()]
    )


def cleaning(told: Mapping[str, Any]) -> str:
    """Return what cleaning touched and what was missing."""
    touched = [[name, str(n["rows"]), str(n["fields"])] for name, n in told["rules"].items()]
    missing = ", ".join(f"{name} {n}" for name, n in told["missing"].items() if n) or "nothing"
    words = told["words"]["all"]
    return (
        table(["rule", "rows changed", "fields changed"], touched)
        + f"\n\nMissing in the rows that are left: {missing}. A missing text is an empty field, a missing label is masked."
        f" Languages found: {', '.join(f'{code} {n}' for code, n in told['languages'].items())} (und: not plain; kept)."
        f" Words in an idea: {words['least']:.0f} to {words['most']:.0f}, median {words['median']:.0f}."
    )


def tried(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what was tried, why, what it gave, and whether it stayed."""
    return table(
        ["tried", "why", "figure", "95 % interval", "kept"],
        [
            [r["what"], r["why"], r["figure"], r["interval"] or "–", "yes" if r["kept"] else "no"] for r in rows
        ],
    )


def search(found: Mapping[str, Any]) -> str:
    """Return the search's budget, its best trials and which settings mattered."""
    done = [t for t in found["trials"] if t["state"] == "complete"]
    names = sorted({name for t in done for name in t["settings"]})
    best = sorted(done, key=lambda t: -t["value"])[:5]
    mattered = ", ".join(f"{name} {share:.0%}" for name, share in found["importance"].items())
    return (
        f"{len(found['trials'])} trials, {len(done)} to their end, the others pruned or stopped, in {found['minutes']:.0f} "
        f"minutes; each trained on a {found['share']:.0%} sample of the training rounds and was judged by fold "
        f"{found['fold']} of {found['folds']}. What mattered, by share of variance: {mattered or 'too few trials to say'}.\n\n"
        + table(["trial", "figure", *names],
                [[str(t["number"]), number(t["value"]), *(f"{t['settings'][n]:.3g}" for n in names)] for t in best])
    )
