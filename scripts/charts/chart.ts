/** What there is to draw of an xstate machine. */

import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** Events that lead from one state to another one beside it. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
}

export interface State {
  readonly name: string;
  readonly isFinal: boolean;
  /** Events that happen without leaving the state. */
  readonly internal: readonly string[];
  /** The states inside and the transitions between them; none in a plain state. */
  readonly inside: Region | undefined;
}

/** States that are side by side, in the order in which the machine lists them. */
export interface Region {
  readonly initial: string;
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
}

export interface Chart {
  readonly name: string;
  readonly region: Region;
}

export function chartOf(machine: AnyStateMachine): Chart {
  return { name: machine.id, region: regionOf(machine.root) };
}

function regionOf(node: AnyStateNode): Region {
  const nodes = Object.values(node.states);
  const [initial] = node.initial.target;
  if (initial === undefined) throw new Error(`expected an initial state in '${node.id}', got none`);
  return {
    initial: initial.key,
    states: nodes.map(stateOf),
    transitions: nodes.flatMap(transitionsOf),
  };
}

function stateOf(node: AnyStateNode): State {
  return {
    name: node.key,
    isFinal: node.type === 'final',
    internal: definitionsOf(node).flatMap(({ event, target }) =>
      target === undefined ? [event] : [],
    ),
    inside: node.type === 'compound' ? regionOf(node) : undefined,
  };
}

function transitionsOf(node: AnyStateNode): Transition[] {
  const byTarget = new Map<string, string[]>();
  for (const { event, target } of definitionsOf(node)) {
    if (target === undefined) continue;
    // Arrows through the border of a state would need another drawing, and no chart has any.
    if (target.parent !== node.parent) {
      throw new Error(`expected '${event}' in '${node.id}' to lead to a state beside it`);
    }
    byTarget.set(target.key, [...(byTarget.get(target.key) ?? []), event]);
  }
  return Array.from(byTarget, ([to, events]) => ({ from: node.key, to, events }));
}

function definitionsOf(node: AnyStateNode): { event: string; target: AnyStateNode | undefined }[] {
  return [...node.transitions.values()].flatMap((definitions) =>
    definitions
      // With neither a target nor an action, the event is forbidden.
      .filter(({ target, actions }) => target !== undefined || actions.length > 0)
      .map(({ eventType, target }) => ({ event: eventType, target: target?.[0] })),
  );
}
