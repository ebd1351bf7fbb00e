/** Maps events to transitions of a chart, and counts recent transitions. */

import { type Chart, type ChartState, readChart, statesOf } from '../../../charts/chart.ts';

export interface Step {
  /** The index of the transition in the chart; undefined for none. */
  readonly arc: number | undefined;
  /** The id of the state that it leads to. */
  readonly to: string;
}

/** A chart as steps between states. */
export class ChartSteps {
  readonly chart: Chart;
  /** The initial state. */
  readonly first: string;
  readonly #states: ReadonlyMap<string, ChartState>;
  readonly #steps = new Map<string, Step>();

  constructor(definition: unknown) {
    this.chart = readChart(definition);
    this.#states = new Map(statesOf(this.chart).map((state) => [state.id, state]));
    this.first = this.#entered(this.chart.root.id);
  }

  /** The step that an event causes in a state, or in one of its ancestors. */
  step(state: string, type: string): Step {
    const key = `${state} ${type}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const step = this.#find(state, type);
    this.#steps.set(key, step);
    return step;
  }

  #find(state: string, type: string): Step {
    for (let from = state; from !== ''; from = from.slice(0, Math.max(0, from.lastIndexOf('.')))) {
      const arc = this.chart.transitions.findIndex(
        (each) => each.from === from && each.events.some((event) => event.type === type),
      );
      const transition = this.chart.transitions[arc];
      if (transition !== undefined) return { arc, to: this.#entered(transition.to) };
    }
    return { arc: undefined, to: state };
  }

  #entered(id: string): string {
    const initial = this.#states.get(id)?.initial;
    return initial === undefined ? id : this.#entered(initial);
  }
}

/** Milliseconds per bin. */
const BIN = 100;
/** The number of bins kept: ten minutes. */
const MOST = 6000;

/** Counts how many times each transition was taken in the last minutes. */
export class Flow {
  readonly #bins = new Map<number, Map<number, number>>();

  taken(arc: number, at: number): void {
    const number = Math.floor(at / BIN);
    let bin = this.#bins.get(number);
    if (bin === undefined) {
      bin = new Map();
      this.#bins.set(number, bin);
      if (this.#bins.size > MOST) this.#bins.delete(this.#bins.keys().next().value as number);
    }
    bin.set(arc, (bin.get(arc) ?? 0) + 1);
  }

  /** How many times each transition was taken in the second before a time. */
  lately(at: number): ReadonlyMap<number, number> {
    const last = Math.floor(at / BIN);
    const sums = new Map<number, number>();
    for (let number = last - 1000 / BIN; number <= last; number++) {
      for (const [arc, times] of this.#bins.get(number) ?? []) {
        sums.set(arc, (sums.get(arc) ?? 0) + times);
      }
    }
    return sums;
  }
}
