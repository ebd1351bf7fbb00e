/** Decides how requests end. It depends only on the URL and the visit, so that every crawl sees the same. */

/** `lost`: never answered. */
export type Fate = 'fine' | 'fails' | 'lost' | 'missing';

/**
 * @param visit the number of requests of this page so far, including this one.
 */
export function fateOf(address: string, visit: number): Fate {
  const chance = chanceOf(address);
  if (chance < 0.02) return 'missing';
  if (visit > 1) return 'fine';
  if (chance < 0.07) return 'fails';
  return chance < 0.09 ? 'lost' : 'fine';
}

/** Hashes a text to a number from 0 to 1, evenly distributed. */
export function chanceOf(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
