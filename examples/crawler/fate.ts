/** What becomes of requests: decided by their address, so that it is the same each time. */

/** `lost` is never answered. */
export type Fate = 'fine' | 'fails' | 'lost' | 'missing';

/** @param visit how often the page was asked for, this time included. */
export function fateOf(address: string, visit: number): Fate {
  const chance = chanceOf(address);
  if (chance < 0.02) return 'missing';
  if (visit > 1) return 'fine';
  if (chance < 0.07) return 'fails';
  return chance < 0.09 ? 'lost' : 'fine';
}

/** A number from 0 to 1 that looks as if it were random. */
export function chanceOf(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
