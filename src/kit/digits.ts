/** A bigint as text. Of one that is no number any more, the digits would take seconds. */
export function digitsOf(value: bigint): string {
  return Number.isFinite(Number(value)) ? `${value}n` : 'a large bigint';
}
