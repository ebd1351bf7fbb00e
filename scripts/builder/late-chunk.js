/**
 * A chunk that is loaded when something in it is used first, though its modules are imported as all
 * others are: a bundle requires what a chunk imports before that begins.
 */

import { parseAst } from 'rolldown/parseAst';
import { childrenOf } from './syntax-tree.js';

/** What has its code run later than all around it. */
const RUN_LATER = /Function|^PropertyDefinition$/;

/** A plugin that lets one chunk wait. @param name that of the chunk, which has a group of its own. */
export function lateChunk(name) {
  return {
    name: `late-${name}`,
    renderChunk: (code, { fileName }) => ({ code: waitingFor(name, code, fileName) }),
  };
}

/** The code of another chunk with a function in place of that one: `(late().value)`. */
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

/** Where something of a chunk is used, and whether the code around it has run then. */
function* placesOf(local, node, isLater = false) {
  const { type, object, start, end } = node;
  if (type === 'MemberExpression' && object.name === local) yield { start, end, isLater };
  const isWithin = isLater || (RUN_LATER.test(type) && node.static !== true);
  for (const child of childrenOf(node)) yield* placesOf(local, child, isWithin);
}
