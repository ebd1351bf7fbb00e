/** Looking at the trees that rolldown's parser makes of code. */

/** Calls a function with each node, from the outside in, and whatever it is in. */
export function walk(node, visit, parent) {
  visit(node, parent);
  for (const key in node) {
    const child = node[key];
    for (const each of Array.isArray(child) ? child : [child]) {
      if (typeof each?.type === 'string') walk(each, visit, node);
    }
  }
}

/** Every name that stands somewhere in a node. */
export function namesWithin(node) {
  const names = new Set();
  walk(node, ({ type, name }) => {
    if (type === 'Identifier') names.add(name);
  });
  return names;
}
