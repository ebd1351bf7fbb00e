/**
 * Loads what a chunk imports when it is first used, although it is imported normally: otherwise a bundle requires all
 * imports of a chunk before it runs.
 */

import { parseAst } from 'rolldown/parseAst';
import { childrenOf } from './syntax-tree.js';

/** Nodes whose code runs later than the code around them. */
const RUN_LATER = /Function|^PropertyDefinition$/;

/**
 * A plugin for everything that a chunk does not use while it is loaded itself.
 *
 * @param isAtHand tells of a file or a module whether it has been loaded anyway, so that it is required at once.
 * @param late the file that must be loaded late.
 */
export function lateImports({ isAtHand, late }) {
  return {
    name: 'late-imports',
    renderChunk: (code, { fileName }) => ({ code: waiting(code, fileName, isAtHand, late) }),
  };
}

/** The code of a chunk in which imports are calls: `(timers().setTimeout)`. */
function waiting(code, fileName, isAtHand, late) {
  const { body } = parseAst(code);
  const edits = [];
  for (const statement of body) {
    const id = requiredBy(statement);
    if (id === undefined || isAtHand(id)) continue;
    const local = statement.declarations[0].id.name;
    const conversion = body.find((other) => other.expression?.left?.name === local);
    const others = body.filter((other) => other !== statement && other !== conversion);
    const uses = others.flatMap((other) => [...usesOf(local, other)]);
    const tooEarly = uses.find(({ isLater, member }) => !isLater || member === undefined);
    if (tooEarly === undefined)
      edits.push(...callsOf(local, { code, id, statement, conversion, uses }));
    else if (id === late) {
      const line = code.slice(0, tooEarly.end).split('\n').at(-1);
      throw new Error(`expected ${fileName} to begin without ${late}, got ${line}`);
    }
  }
  return edited(code, edits);
}

/** What a statement `const … = require(id)` requires. */
function requiredBy({ type, declarations }) {
  const call = type === 'VariableDeclaration' ? declarations[0].init : undefined;
  return call?.callee?.name === 'require' ? call.arguments[0].value : undefined;
}

/** How a name is used: the member of it that is accessed, if one is, and whether that is after the code around it. */
function* usesOf(local, node, parent = undefined, isLater = false) {
  if (node.type === 'Identifier' && node.name === local && !isKey(node, parent)) {
    const isObject = parent?.type === 'MemberExpression' && parent.object === node;
    yield { member: isObject ? parent : undefined, end: node.end, isLater };
  }
  const isWithin = isLater || (RUN_LATER.test(node.type) && node.static !== true);
  for (const child of childrenOf(node)) yield* usesOf(local, child, node, isWithin);
}

/** Whether an identifier is a name within an object or a class. */
function isKey(node, parent) {
  return (
    !parent?.computed && (parent?.property === node || (parent?.key === node && !parent.shorthand))
  );
}

/** The edits by which a variable with an import becomes a function, which is called for each use. */
function callsOf(local, { code, id, statement, conversion, uses }) {
  const required = `require(${JSON.stringify(id)})`;
  const value = conversion === undefined ? required : converted(code, conversion, required);
  const made = `let ${local}Made;const ${local} = () => ${local}Made ??= ${value};`;
  const edits = [[statement.start, statement.end, made]];
  if (conversion !== undefined) edits.push([conversion.start, conversion.end, '']);
  for (const { member, end } of uses) {
    edits.push([member.start, member.start, '('], [end, end, '()'], [member.end, member.end, ')']);
  }
  return edits;
}

/** What rolldown makes of exports, in a statement `json5 = toESM(json5)`, of others. */
function converted(code, { expression: { right } }, exports) {
  const [{ start, end }] = right.arguments;
  return code.slice(right.start, start) + exports + code.slice(end, right.end);
}

/** @param edits texts that replace what is between two places. */
function edited(code, edits) {
  const parts = [];
  let from = 0;
  for (const [start, end, text] of edits.toSorted(([one], [other]) => one - other)) {
    parts.push(code.slice(from, start), text);
    from = end;
  }
  return parts.join('') + code.slice(from);
}
