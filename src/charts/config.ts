/**
 * Reads the chart of a machine from its config, as sent by a program: JSON in which anything may be missing, since
 * deep values are cut.
 */

import type { Chart, ChartEvent, ChartState, ChartTransition } from './chart.ts';
import { nameOf } from './names.ts';

/** A chart, and what could not be read. */
export interface ReadConfig {
  readonly chart: Chart;
  /** Whether the program has cut the config at its depth limit. */
  readonly isCut: boolean;
  /** Targets of transitions that are not states. */
  readonly missing: readonly string[];
}

/** Limits of charts: larger ones take too long to draw, and nobody could read them. */
const MAX_STATES = 400;
const MAX_DEPTH = 60;

type Json = Readonly<Record<string, unknown>>;

/** A state while it is being read, with the data for resolving targets. */
interface Node {
  readonly id: string;
  readonly key: string;
  readonly config: Json;
  readonly parent: Node | undefined;
  readonly children: Map<string, Node>;
}

/**
 * @throws TypeError if there is nothing to draw: it is not an object, or has no states; RangeError if there is too
 *   much.
 */
export function readConfig(config: unknown): ReadConfig {
  const given = objectOf(config);
  if (given === undefined) throw new TypeError('expected the config of a machine');
  return new Reader().read(given);
}

class Reader {
  #isCut = false;
  #numStates = 0;
  readonly #byId = new Map<string, Node>();
  readonly #missing: string[] = [];
  readonly #transitions: ChartTransition[] = [];

  read(config: Json): ReadConfig {
    const name = textOf(config['id']) ?? '(machine)';
    const root = this.#nodeOf(config, name, [], undefined);
    if (root.children.size === 0) throw new TypeError('expected a machine with states');
    const chart = { name, root: this.#stateOf(root, name), transitions: this.#transitions };
    return { chart, isCut: this.#isCut, missing: this.#missing };
  }

  #nodeOf(config: Json, machine: string, path: readonly string[], parent?: Node): Node {
    if (++this.#numStates > MAX_STATES) {
      throw new RangeError(`expected at most ${MAX_STATES} states`);
    }
    if (path.length > MAX_DEPTH) throw new RangeError(`expected at most ${MAX_DEPTH} levels`);
    const id = textOf(config['id']) ?? [machine, ...path].join('.');
    const node: Node = { id, key: path.at(-1) ?? id, config, parent, children: new Map() };
    this.#byId.set(id, node);
    for (const [key, state] of Object.entries(this.#object(config['states']) ?? {})) {
      const inside = this.#object(state) ?? {};
      node.children.set(key, this.#nodeOf(inside, machine, [...path, key], node));
    }
    return node;
  }

  #stateOf(node: Node, name: string): ChartState {
    const { config, id, children } = node;
    const history = config['history'] === true ? 'shallow' : config['history'];
    const kind = kindOf(config, history, children.size > 0);
    const internal = this.#readTransitions(node);
    if (kind === 'history') this.#addDefault(node);
    return {
      id,
      name,
      kind,
      isDeep: history === 'deep',
      initial: kind === 'compound' ? this.#initialOf(node) : undefined,
      internal,
      entry: this.#names(config['entry']),
      exit: this.#names(config['exit']),
      invoke: this.#list(config['invoke']).map((each) => nameOf(each) ?? 'actor'),
      states: Array.from(children, ([key, child]) => this.#stateOf(child, key)),
    };
  }

  #initialOf(node: Node): string | undefined {
    const { initial } = node.config;
    const given = objectOf(initial)?.['target'] ?? initial;
    const key = textOf(Array.isArray(given) ? given[0] : given);
    return key === undefined ? undefined : node.children.get(key.replace(/^\./, ''))?.id;
  }

  /** Adds the transitions of a state to the chart; returns the events handled without leaving it. */
  #readTransitions(node: Node): ChartEvent[] {
    const internal: ChartEvent[] = [];
    const byTarget = new Map<string, ChartEvent[]>();
    for (const [type, given] of this.#eventsOf(node)) {
      for (const each of this.#list(given)) {
        const transition = objectOf(each) ?? { target: each };
        const event = { type, guard: nameOf(transition['guard']) || undefined };
        const targets = this.#list(transition['target']).filter((target) => target !== '');
        const hasActions = this.#list(transition['actions']).length > 0;
        // Without a target and an action, the event is forbidden.
        if (targets.length === 0 && hasActions) internal.push(event);
        for (const target of targets) {
          const to = this.#resolve(node, target);
          if (to === undefined) this.#missing.push(String(target));
          else byTarget.set(to.id, [...(byTarget.get(to.id) ?? []), event]);
        }
      }
    }
    for (const [to, events] of byTarget) this.#transitions.push({ from: node.id, to, events });
    return internal;
  }

  /** The events handled by a state, in the order of xstate. */
  *#eventsOf({ config, id }: Node): Iterable<readonly [type: string, transitions: unknown]> {
    yield* Object.entries(this.#object(config['on']) ?? {});
    yield [`xstate.done.state.${id}`, config['onDone']];
    for (const [place, each] of this.#list(config['invoke']).entries()) {
      const invoke = objectOf(each) ?? {};
      const actor = textOf(invoke['id']) ?? `${place}.${id}`;
      yield [`xstate.done.actor.${actor}`, invoke['onDone']];
      yield [`xstate.error.actor.${actor}`, invoke['onError']];
      yield [`xstate.snapshot.${actor}`, invoke['onSnapshot']];
    }
    for (const [delay, given] of Object.entries(this.#object(config['after']) ?? {})) {
      yield [`xstate.after.${delay}.${id}`, given];
    }
    yield ['', config['always']];
  }

  /** Adds the default transition of a history state. */
  #addDefault(node: Node): void {
    for (const target of this.#list(node.config['target'])) {
      const to = this.#resolve(node, target);
      if (to !== undefined) this.#transitions.push({ from: node.id, to: to.id, events: [] });
    }
  }

  /** Resolves `#id`, `#id.of.child`, `.child`, `sibling.child`. */
  #resolve(node: Node, target: unknown): Node | undefined {
    if (typeof target !== 'string') return undefined;
    if (target.startsWith('#')) return this.#byPathOfId(target.slice(1));
    if (target.startsWith('.')) return follow(node, target.slice(1));
    return node.parent === undefined ? undefined : follow(node.parent, target);
  }

  #byPathOfId(path: string): Node | undefined {
    const whole = this.#byId.get(path);
    if (whole !== undefined) return whole;
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
      const node = this.#byId.get(path.slice(0, end));
      if (node !== undefined) return follow(node, path.slice(end + 1));
    }
    return undefined;
  }

  #names(given: unknown): string[] {
    return this.#list(given)
      .map(nameOf)
      .filter((name) => name !== undefined && name !== '') as string[];
  }

  /** A list, or a single value as a list. */
  #list(given: unknown): readonly unknown[] {
    const all: unknown[] = Array.isArray(given) ? given : [given];
    return all.filter((each) => each !== undefined && each !== null && !this.#isMark(each));
  }

  #object(given: unknown): Json | undefined {
    return this.#isMark(given) ? undefined : objectOf(given);
  }

  #isMark(given: unknown): boolean {
    if (typeof given !== 'string' || !MARKS.has(given)) return false;
    this.#isCut = true;
    return true;
  }
}

/** The markers that serialisers put in place of cut values. */
const MARKS: ReadonlySet<string> = new Set([
  '[Object]',
  '[Array]',
  '[...]',
  '"[Object]"',
  '"[Array]"',
]);

function follow(from: Node, path: string): Node | undefined {
  let node: Node | undefined = from;
  // A name may contain an escaped dot.
  for (const key of path.split(/(?<!\\)\./)) node = node?.children.get(key.replaceAll('\\.', '.'));
  return node;
}

function kindOf({ type }: Json, history: unknown, hasInside: boolean): ChartState['kind'] {
  if (type === 'final' || type === 'parallel' || type === 'history') return type;
  if (history === 'shallow' || history === 'deep') return 'history';
  return hasInside ? 'compound' : 'atomic';
}

function objectOf(given: unknown): Json | undefined {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? (given as Json)
    : undefined;
}

function textOf(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined;
}
