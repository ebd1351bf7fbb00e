/** Looking at the trees that rolldown's parser makes of code. */

/** Calls a function with each node, from the outside in, and whatever it is in. */
export function walk(node, visit, parent) {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, visit, node);
}

/** The nodes right within a node. */
export function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');
}

/** Every name that stands somewhere in a node. */
export function namesWithin(node) {
  const names = new Set();
  walk(node, ({ type, name }) => {
    if (type === 'Identifier') names.add(name);
  });
  return names;
}
