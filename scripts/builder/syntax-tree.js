/** Traverses syntax trees of rolldown's parser. */

/** Calls a function with each node and its parent, parents first. */
export function walk(node, visit, parent) {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, visit, node);
}

/** The direct children of a node. */
export function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');
}

/** All identifiers in a node. */
export function namesWithin(node) {
  const names = new Set();
  walk(node, ({ type, name }) => {
    if (type === 'Identifier') names.add(name);
  });
  return names;
}
