/** Compares the snapshots of two actors of one chart in everything that is visible. */

import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';

/** The arguments for the methods of a snapshot. */
export interface Questions {
  readonly events: readonly { readonly type: string }[];
  readonly values: readonly AnyMachineSnapshot['value'][];
  readonly tags: readonly string[];
}

/** Every state and every tag of a chart. */
export function questionsOf(machine: AnyStateMachine, events: Questions['events']): Questions {
  const nodes = nodesOf(machine.root);
  return {
    events,
    values: nodes.slice(1).map(({ path }) => stateValue(path)),
    tags: [...nodes.flatMap(({ tags }) => tags), 'no such tag'],
  };
}

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

function stateValue([head = '', ...rest]: readonly string[]): AnyMachineSnapshot['value'] {
  return rest.length === 0 ? head : { [head]: stateValue(rest) };
}

/** Everything that is visible of a snapshot. */
export function visible(snapshot: AnyMachineSnapshot, { events, values, tags }: Questions) {
  const { value, context, status, output, error, children, historyValue } = snapshot;
  return {
    value,
    context: { ...context },
    status,
    output,
    error,
    children,
    historyValue,
    tags: [...snapshot.tags].sort(),
    matches: values.map((each) => snapshot.matches(each as never)),
    can: status === 'done' ? [] : events.map((event) => snapshot.can(event as never)),
    hasTag: tags.map((tag) => snapshot.hasTag(tag as never)),
    meta: snapshot.getMeta(),
    // Tags are a set, whose order in JSON is not significant.
    json: { ...toJson(snapshot), tags: [...snapshot.tags].sort() },
  };
}

function toJson(snapshot: AnyMachineSnapshot): object {
  return JSON.parse(JSON.stringify(snapshot)) as object;
}
