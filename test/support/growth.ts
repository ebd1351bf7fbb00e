import { staysBelow } from './cost.ts';
import { memoryUsed } from './memory.ts';

/** How much more memory, in megabytes, is in use at any of some points of a run. */
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

  /** Megabytes a point, by the method of least squares: noise at the ends hardly shows. */
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
 * Has something grow by less than so many megabytes, of which it gives the number. What is compiled or cached
 * meanwhile shows once, a leak each time.
 */
export async function growsLessThan(megabytes: number, run: () => Promise<number>): Promise<void> {
  await staysBelow(megabytes, 'MB of growth', run);
}
