"""Figures of calibration computed from rows (forecast, label) with scikit-learn, SciPy and NumPy: what calibration_summary must equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from scipy.stats import norm
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

Row = tuple[float, int]
"""(forecast 0..1, label 0 or 1)"""

Z = 1.959963984540054
BETS = (0.8, 0.4, 0.2, 0.1, -0.8, -0.4, -0.2, -0.1)


def bin_of(forecast: float) -> int:
    """[0, .1) is 0, [.9, 1] is 9, in decimals."""
    return min(9, int(Decimal(repr(float(forecast))).quantize(Decimal("1e-12")) * 10))


def wilson(k: int, n: int) -> tuple[float, float]:
    """The score interval from the roots of its quadratic equation, not from the closed form."""
    a, b, c = 1 + Z * Z / n, -(2 * k / n + Z * Z / n), (k / n) ** 2
    low, high = sorted(np.roots([a, b, c]).real)
    return (0.0 if k == 0 else max(0.0, float(low)), 1.0 if k == n else min(1.0, float(high)))


def summary(rows: Sequence[Row]) -> dict[str, float | None]:
    """The figures of one group by column name; rows in the order in which their windows end, one per conversation."""
    p = _decimals(rows)
    y = np.array([label for _, label in rows], dtype=float)
    n, positives = len(rows), int(y.sum())
    base = positives / n
    low, high = wilson(positives, n)
    bins = [np.array([bin_of(forecast) == k for forecast in p]) for k in range(10)]
    filled = [(k, inside, int(inside.sum())) for k, inside in enumerate(bins) if inside.any()]
    gaps = {k: p[inside].mean() - y[inside].mean() for k, inside, _ in filled}
    off_centre = {k: (k + 0.5) / 10 - y[inside].mean() for k, inside, _ in filled}
    large = [(k, m) for k, _, m in filled if m >= 10]
    debiased = sum(m / n * (gaps[k] ** 2 - y[inside].mean() * (1 - y[inside].mean()) / (m - 1)) for k, inside, m in filled if m > 1)
    isotonic = IsotonicRegression(y_min=0, y_max=1).fit_transform(p, y)
    brier, corp = brier_score_loss(y, p), float(np.mean((isotonic - y) ** 2))
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    z = _spiegelhalter(p, y)
    spread = math.sqrt(float(np.sum(p * (1 - p))))
    both = 0 < positives < n
    rho = (-2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)) / 100
    margin = 0.5 * math.sqrt(2 * (n * rho + 1) / (n * n * rho) * math.log(math.sqrt(n * rho + 1) / 0.05))
    wealth = e_values(rows)
    return {
        "n": n,
        "positives": positives,
        "base_rate": base,
        "base_rate_low": low,
        "base_rate_high": high,
        "base_rate_anytime_low": max(0.0, base - margin),
        "base_rate_anytime_high": min(1.0, base + margin),
        "mean_confidence": float(p.mean()),
        "brier_score": brier,
        "binned_calibration_error": sum(m * off_centre[k] ** 2 for k, m in large) / sum(m for _, m in large) if large else None,
        "brier_skill_score": 1 - brier / (base * (1 - base)) if both else None,
        "log_loss": log_loss(y, clipped, labels=[0, 1]),
        "auc": roc_auc_score(y, p) if both else None,
        "auc_se": _auc_se(roc_auc_score(y, p), positives, n - positives) if both else None,
        "ece": sum(m / n * abs(gaps[k]) for k, _, m in filled),
        "mce": max(abs(gap) for gap in gaps.values()),
        "ece_midpoint": sum(m / n * abs(off_centre[k]) for k, _, m in filled),
        "debiased_squared_error": debiased,
        "debiased_rmsce": math.copysign(math.sqrt(abs(debiased)), debiased),
        "reliability": sum(m / n * gaps[k] ** 2 for k, _, m in filled),
        "resolution": sum(m / n * (y[inside].mean() - base) ** 2 for _, inside, m in filled),
        "uncertainty": base * (1 - base),
        "within_bin_variance": sum(float(np.sum((p[inside] - p[inside].mean()) ** 2)) for _, inside, _ in filled) / n,
        "within_bin_covariance": 2
        * sum(float(np.sum((y[inside] - y[inside].mean()) * (p[inside] - p[inside].mean()))) for _, inside, _ in filled)
        / n,
        "corp_miscalibration": brier - corp,
        "corp_discrimination": base * (1 - base) - corp,
        "citl": float(p.mean()) - base,
        "citl_z": float(np.sum(p - y)) / spread if spread else None,
        "spiegelhalter_z": z,
        "spiegelhalter_p": None if z is None else 2 * float(norm.sf(abs(z))),
        "e_value": wealth[-1],
        "e_value_max": max(wealth),
    }


def isotonic_rates(rows: Sequence[Row]) -> dict[int, float]:
    """Mean isotonic rate of the rows of each filled bin."""
    p = _decimals(rows)
    fit = IsotonicRegression().fit_transform(p, np.array([label for _, label in rows], dtype=float))
    bins = np.array([bin_of(forecast) for forecast in p])
    return {int(k): float(fit[bins == k].mean()) for k in np.unique(bins)}


def e_values(rows: Sequence[Row]) -> list[float]:
    """The e-value after each outcome: eight bets whose winnings multiply."""
    stakes = [1.0] * len(BETS)
    values = []
    for forecast, label in rows:
        stakes = [stake * (1 + bet * (label - forecast)) for stake, bet in zip(stakes, BETS, strict=True)]
        values.append(sum(stakes) / len(BETS))
    return values


def _decimals(rows: Sequence[Row]) -> np.ndarray:
    """Forecasts as the marts see them: twelve places, so that binary neighbours of a tenth are one forecast."""
    return np.array([round(forecast, 12) for forecast, _ in rows], dtype=float)


def _spiegelhalter(p: np.ndarray, y: np.ndarray) -> float | None:
    spread = math.sqrt(float(np.sum((1 - 2 * p) ** 2 * p * (1 - p))))
    return float(np.sum((y - p) * (1 - 2 * p))) / spread if spread > 1e-15 else None


def _auc_se(auc: float, positives: int, negatives: int) -> float:
    two_positives, two_negatives = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (two_positives - auc**2) + (negatives - 1) * (two_negatives - auc**2)
    return math.sqrt(max(0.0, variance) / (positives * negatives))
