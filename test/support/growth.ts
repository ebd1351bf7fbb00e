import { staysBelow } from './cost.ts';
import { memoryUsed } from './memory.ts';

/** The growth of memory, in megabytes, over the points of a run. */
export class Growth {
  readonly points: number[] = [];
  #start = 0;

  async begin(): Promise<void> {
    this.#start = await memoryUsed();
  }

  async look(): Promise<void> {
    this.points.push((await memoryUsed()) - this.#start);
  }

  get most(): number {
    return Math.max(...this.points);
  }

  /** Megabytes per point, by least squares, so that noise at the ends has little influence. */
  get slope(): number {
    const { points } = this;
    const center = (points.length - 1) / 2;
    const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
    let product = 0;
    let square = 0;
    for (const [i, point] of points.entries()) {
      product += (i - center) * (point - mean);
      square += (i - center) ** 2;
    }
    return product / square;
  }
}

/**
 * Checks that something grows by less than a number of megabytes, and returns the growth. It is repeated: compilation
 * and caches show once, a leak each time.
 */
export async function growsLessThan(megabytes: number, run: () => Promise<number>): Promise<void> {
  await staysBelow(megabytes, 'MB of growth', run);
}
