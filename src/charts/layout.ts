/** Lays a chart out, nested states before those that contain them. */

import { type Ancestry, ancestryOf } from './ancestry.ts';
import { arcsWithin, type InnerArc } from './arcs.ts';
import { type Chart, type ChartState, type ChartTransition, statesOf } from './chart.ts';
import { type Columns, columnsToTry } from './columns.ts';
import {
  type Drawing,
  labelAt,
  moved,
  NOTHING,
  type PlacedArc,
  type PlacedStart,
  type PlacedState,
  type Shapes,
  startOf,
} from './drawing.ts';
import { type Direction, type Point, type Sides, scaleIn, turn } from './geometry.ts';
import { type Ground, groundWithin, type Line, type Rect } from './ground.ts';
import { type Box, type LaidRegion, layRegion } from './region.ts';
import { route } from './route.ts';
import {
  boxSize,
  HEADER,
  headerOf,
  type LayoutOptions,
  LINE,
  labelRect,
  labelSize,
  PADDING,
  START,
  textOf,
} from './sizes.ts';

/** A laid out state, relative to its own corner. */
interface Laid extends Sides {
  readonly shapes: Shapes;
}

/** A possible layout of a region. */
interface Candidate extends Sides {
  readonly laid: LaidRegion;
  readonly direction: Direction;
}

/**
 * @param options texts and sizes of boxes, and the proportion of the frame.
 */
export function layOut(chart: Chart, options: LayoutOptions = {}): Drawing {
  const layout = new Layout(chart, options);
  const { width, height, shapes } = layout.inside(chart.root, -1, options.proportion ?? 1.6);
  const margin = options.margin ?? 12;
  return {
    width: Math.ceil(width + 2 * margin),
    height: Math.ceil(height + 2 * margin),
    ...moved(shapes, margin, margin),
  };
}

const INNER_PROPORTION = 1.1;
/** A chain that is not folded reads better: another arrangement must be larger by this factor. */
const WORTH = 1.15;

class Layout {
  readonly #ancestry: Ancestry;
  readonly #options: LayoutOptions;
  readonly #transitions: readonly ChartTransition[];

  constructor(chart: Chart, options: LayoutOptions) {
    this.#ancestry = ancestryOf(statesOf(chart));
    this.#options = options;
    this.#transitions = chart.transitions;
  }

  /** Lays out the region within a state, in the best direction and number of columns. */
  inside(state: ChartState, depth: number, proportion: number): Laid {
    if (state.states.length === 0) return { width: 0, height: 0, shapes: NOTHING };
    const children = new Map(
      state.states.map((child) => [child.id, this.#state(child, depth + 1)]),
    );
    const inner = arcsWithin(state, this.#transitions, this.#ancestry);
    const candidates = this.#columns(state, inner).flatMap((ranks) =>
      (['right', 'down'] as const).map((direction) =>
        this.#region(state, children, inner, direction, ranks),
      ),
    );
    const best = candidates.reduce((best, other) =>
      scaleIn(other, proportion) > scaleIn(best, proportion) * WORTH ? other : best,
    );
    return this.#draw(state, children, inner, best);
  }

  /** The arrangements of its children in columns: the given one, or several to choose from. */
  #columns({ id, initial, states }: ChartState, inner: readonly InnerArc[]): readonly Columns[] {
    const given = this.#options.ranks?.[id];
    if (given !== undefined) return [given];
    const ids = new Set(states.map((child) => child.id));
    for (const { from, to } of inner) ids.add(from).add(to);
    return columnsToTry([...ids], inner, initial);
  }

  /** Lays out a state with its children. */
  #state(state: ChartState, depth: number): Laid {
    const { width, height, shapes } = this.inside(state, depth, INNER_PROPORTION);
    const own = boxSize(state, this.#options);
    if (width === 0) return { ...own, shapes: NOTHING };
    const top = Math.max(HEADER, own.height);
    return {
      width: Math.max(own.width, width + 2 * PADDING),
      height: top + height + PADDING,
      shapes: moved(shapes, PADDING, top),
    };
  }

  #region(
    state: ChartState,
    children: ReadonlyMap<string, Laid>,
    inner: readonly InnerArc[],
    direction: Direction,
    ranks: Columns,
  ): Candidate {
    const boxes = boxesOf(state, children, inner, direction);
    const laid = layRegion(
      boxes,
      inner.map(({ from, to, start, end, transition }) => ({
        from,
        to,
        fromInside: crossOf(children.get(from), start, direction),
        toInside: crossOf(children.get(to), end, direction),
        label: labelSize(transition, this.#options, direction),
      })),
      {
        ranks,
        lineAt: ({ cross }) =>
          direction === 'right' ? cross - 5 - LINE * (this.#options.linesBelow ?? 0) : 4,
      },
    );
    const along = laid.main + START;
    const [width, height] = direction === 'right' ? [along, laid.cross] : [laid.cross, along];
    return { laid, direction, width, height };
  }

  /** The obstacles for an arc to a nested state, within the outermost box around it. */
  #groundOf(id: string, { states, arcs, starts }: Shapes): Ground | undefined {
    const around = new Set(this.#ancestry.pathOf(id));
    const bounds = states.find(({ state, depth }) => depth === 0 && around.has(state.id));
    if (bounds === undefined) return undefined;
    const boxes: Rect[] = [];
    const texts: Rect[] = [];
    for (const placed of states) {
      const { state } = placed;
      if (state.id === id) continue;
      const parent = this.#ancestry.pathOf(state.id).at(-2) ?? '';
      if (around.has(state.id)) texts.push(headerOf(placed, this.#options));
      // Parts inside the state itself, or inside its siblings, are no obstacles.
      else if (parent !== id && around.has(parent)) boxes.push(placed);
    }
    const lines: Line[] = starts.map(({ from, to }) => [from, to]);
    for (const { points, label, transition } of arcs) {
      points.slice(1).forEach((point, place) => {
        lines.push([points[place] as Point, point]);
      });
      texts.push(labelRect(label, textOf(transition, this.#options), this.#options));
    }
    return groundWithin(bounds, { boxes, texts, lines });
  }

  /** The number of lines above an arc. */
  #numAbove(transition: ChartTransition): number {
    const { linesBelow = 0 } = this.#options;
    return Math.max(1, textOf(transition, this.#options).length - linesBelow);
  }

  #draw(
    state: ChartState,
    children: ReadonlyMap<string, Laid>,
    inner: readonly InnerArc[],
    { laid, direction, width, height }: Candidate,
  ): Laid {
    const shift = direction === 'right' ? { x: START, y: 0 } : { x: 0, y: START };
    const states: PlacedState[] = [];
    const arcs: PlacedArc[] = [];
    const starts: PlacedStart[] = [];
    for (const child of state.states) {
      const box = laid.boxes.get(child.id);
      const content = children.get(child.id);
      if (box === undefined || content === undefined) continue;
      const corner = turn(box, direction);
      const size = turn(box.size, direction);
      states.push({ state: child, depth: 0, ...corner, width: size.x, height: size.y });
      const within = moved(content.shapes, corner.x, corner.y);
      states.push(...within.states.map((each) => ({ ...each, depth: each.depth + 1 })));
      arcs.push(...within.arcs);
      starts.push(...within.starts);
    }
    const placeOf = new Map(states.map((placed) => [placed.state.id, placed]));
    laid.arcs.forEach(({ points, label }, index) => {
      const { transition, start, end } = inner[index] as InnerArc;
      const path = points.map((point) => turn(point, direction));
      for (const [which, id] of [
        ['start', start],
        ['end', end],
      ] as const) {
        const placed = placeOf.get(id);
        if (placed === undefined || placed.depth === 0) continue;
        const ground = this.#groundOf(id, { states, arcs, starts });
        if (ground !== undefined) reach(path, placed, which, direction, ground);
      }
      arcs.push({
        transition,
        points: path,
        ...labelAt(turn(label, direction), this.#numAbove(transition), direction),
      });
    });
    const first = state.initial === undefined ? undefined : placeOf.get(state.initial);
    if (first !== undefined) starts.push(startOf(first, direction));
    return { width, height, shapes: moved({ states, arcs, starts }, shift.x, shift.y) };
  }
}

/** The children, and an invisible box where an arc begins or ends at the region itself. */
function boxesOf(
  state: ChartState,
  children: ReadonlyMap<string, Laid>,
  inner: readonly InnerArc[],
  direction: Direction,
): Box[] {
  const boxes = state.states.map(({ id }) => {
    const { width, height } = children.get(id) as Laid;
    return direction === 'right'
      ? { id, main: width, cross: height }
      : { id, main: height, cross: width };
  });
  const known = new Set(boxes.map(({ id }) => id));
  const borders = new Set(
    inner.flatMap(({ from, to }) => [from, to]).filter((id) => !known.has(id)),
  );
  return [...boxes, ...Array.from(borders, (id) => ({ id, main: 0, cross: 12 }))];
}

/** The position of a nested state across the columns. */
function crossOf(laid: Laid | undefined, id: string, direction: Direction): number | undefined {
  const placed = laid?.shapes.states.find(({ state }) => state.id === id);
  if (placed === undefined) return undefined;
  return direction === 'right' ? placed.y + placed.height / 2 : placed.x + placed.width / 2;
}

/** Extends an arc from the border of a box to the nested state at its end. */
function reach(
  path: Point[],
  placed: PlacedState,
  which: 'start' | 'end',
  direction: Direction,
  ground: Ground,
): void {
  const last = which === 'start' ? path[0] : path.at(-1);
  if (last === undefined) return;
  const way = route(last, direction === 'right', placed, ground);
  if (way === undefined) return;
  if (which === 'start') path.unshift(...way.slice(1).reverse());
  else path.push(...way.slice(1));
}
