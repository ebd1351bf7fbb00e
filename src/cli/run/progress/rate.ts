/** How fast something counts up, over the last seconds. */

const WINDOW = 10_000;

export class Rate {
  #samples: { readonly at: number; readonly count: number }[] = [];

  /** Takes note of a count. @param at milliseconds of any clock that never goes back. */
  note(at: number, count: number): void {
    this.#samples.push({ at, count });
    // The last sample before the window stays: from it on, all of the window is covered.
    while ((this.#samples[1]?.at ?? at) < at - WINDOW) this.#samples.shift();
  }

  get perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || first.at === last.at) return 0;
    return ((last.count - first.count) * 1000) / (last.at - first.at);
  }
}
