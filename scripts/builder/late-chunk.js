/**
 * Loads a chunk when something in it is first used, although its modules are imported normally: otherwise a bundle
 * requires all imports of a chunk before it runs.
 */

import { parseAst } from 'rolldown/parseAst';
import { childrenOf } from './syntax-tree.js';

/** Nodes whose code runs later than the code around them. */
const RUN_LATER = /Function|^PropertyDefinition$/;

/** A plugin that loads one chunk late. @param name of the chunk, which has a group of its own. */
export function lateChunk(name) {
  return {
    name: `late-${name}`,
    renderChunk: (code, { fileName }) => ({ code: waitingFor(name, code, fileName) }),
  };
}

/** The code of another chunk, with uses of the late chunk replaced by calls: `(late().value)`. */
function waitingFor(name, code, fileName) {
  const { body } = parseAst(code);
  const required = body.find((statement) => requires(statement, `./${name}.cjs`));
  if (required === undefined) return code;
  const { name: local } = required.declarations[0].id;
  const parts = [];
  let from = 0;
  const places = [...placesOf(local, { type: 'Program', body })];
  for (const { start, end, isLater } of places.sort((one, other) => one.start - other.start)) {
    const text = code.slice(start + local.length, end);
    if (!isLater) {
      const line = code.slice(0, end).split('\n').at(-1);
      throw new Error(`expected ${fileName} to begin without ${name}, got ${line}`);
    }
    parts.push(code.slice(from, start), `(${local}()${text})`);
    from = end;
  }
  const all = parts.join('') + code.slice(from);
  const made = `let ${local}Made;const ${local} = () => ${local}Made ??= require("./${name}.cjs");`;
  return all.slice(0, required.start) + made + all.slice(required.end);
}

/** Whether a statement is `const … = require(id)`. */
function requires({ type, declarations }, id) {
  const call = type === 'VariableDeclaration' ? declarations[0].init : undefined;
  return call?.callee?.name === 'require' && call.arguments[0].value === id;
}

/** The positions at which the late chunk is used, and whether they run after the code around them. */
function* placesOf(local, node, isLater = false) {
  const { type, object, start, end } = node;
  if (type === 'MemberExpression' && object.name === local) yield { start, end, isLater };
  const isWithin = isLater || (RUN_LATER.test(type) && node.static !== true);
  for (const child of childrenOf(node)) yield* placesOf(local, child, isWithin);
}
