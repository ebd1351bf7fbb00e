/** Assigns lanes in the channel between two columns, where arcs change from one height to another. */

/** An arc that leaves a column at one height and reaches the next one at another. */
export interface Crossing {
  readonly from: number;
  readonly to: number;
}

/** The lane of each crossing, from 0; undefined for one that goes straight. */
export function lanesOf(crossings: readonly Crossing[]): (number | undefined)[] {
  const lanes: Crossing[][] = [];
  const result: (number | undefined)[] = crossings.map(() => undefined);
  for (const { crossing, index, before } of inTurn(crossings)) {
    const least = Math.max(-1, ...before.map((other) => result[other] ?? -1)) + 1;
    let lane = lanes.findIndex(
      (taken, place) => place >= least && !taken.some((other) => doTouch(other, crossing)),
    );
    if (lane < 0) lane = Math.max(least, lanes.length);
    while (lanes.length <= lane) lanes.push([]);
    lanes[lane]?.push(crossing);
    result[index] = lane;
  }
  return result;
}

interface Turn {
  readonly crossing: Crossing;
  readonly index: number;
  /** The crossings that must turn before this one: they start where it arrives, and would overlap it. */
  readonly before: readonly number[];
}

/** Orders crossings so that each comes after those that must turn before it, if possible. */
function inTurn(crossings: readonly Crossing[]): Turn[] {
  const settingOut = crossings
    .map(({ from }, place) => ({ from, place }))
    .sort((a, b) => a.from - b.from);
  /** Crossings that start near a height. */
  const near = (at: number): readonly number[] => {
    let low = 0;
    for (let high = settingOut.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((settingOut[middle] as { from: number }).from <= at - APART) low = middle + 1;
      else high = middle;
    }
    const places: number[] = [];
    for (let next = settingOut[low]; next !== undefined && next.from < at + APART; ) {
      places.push(next.place);
      next = settingOut[++low];
    }
    return places;
  };
  const waiting: Turn[] = inOrder(crossings).map(({ crossing, index }) => ({
    crossing,
    index,
    before: near(crossing.to).filter((place) => place !== index),
  }));
  const result: Turn[] = [];
  const isWaiting = new Set(waiting.map(({ index }) => index));
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ before }) => !before.some((other) => isWaiting.has(other)));
    const [turn] = waiting.splice(Math.max(0, next), 1) as [Turn];
    isWaiting.delete(turn.index);
    result.push(turn);
  }
  return result;
}

/** Orders crossings so that parallel ones do not intersect. */
function inOrder(crossings: readonly Crossing[]): { crossing: Crossing; index: number }[] {
  const turning = crossings
    .map((crossing, index) => ({ crossing, index }))
    .filter(({ crossing }) => Math.abs(crossing.from - crossing.to) > 0.005);
  const isDown = ({ from, to }: Crossing): boolean => to > from;
  return turning.sort((a, b) => {
    if (isDown(a.crossing) !== isDown(b.crossing)) return isDown(a.crossing) ? -1 : 1;
    const order = b.crossing.from - a.crossing.from;
    return isDown(a.crossing) ? order : -order;
  });
}

const APART = 4;

function doTouch(a: Crossing, b: Crossing): boolean {
  return (
    Math.min(a.from, a.to) < Math.max(b.from, b.to) + APART &&
    Math.min(b.from, b.to) < Math.max(a.from, a.to) + APART
  );
}
