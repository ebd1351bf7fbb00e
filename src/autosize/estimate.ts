/** Estimates a drifting value from noisy measurements: a one-dimensional Kalman filter. */

export interface Estimate {
  readonly mean: number;
  readonly variance: number;
  /** The weight of the latest measurement, from 0 to 1. */
  readonly gain: number;
}

/** The estimate after a single measurement. */
export function estimate(mean: number, error: number): Estimate {
  return { mean, variance: error ** 2, gain: 1 };
}

/**
 * The estimate after another measurement. `drift` is the share by which the value may have changed since the last
 * one.
 */
export function update(
  known: Estimate | undefined,
  value: number,
  error: number,
  drift: number,
): Estimate {
  if (known === undefined) return estimate(value, error);
  const variance = known.variance + (drift * known.mean) ** 2;
  const gain = variance / (variance + error ** 2);
  // An error of 0, or an overflow.
  if (!Number.isFinite(gain)) return estimate(value, error);
  return { mean: known.mean + gain * (value - known.mean), variance: (1 - gain) * variance, gain };
}

export function errorOf({ variance }: Estimate): number {
  return Math.sqrt(variance);
}
