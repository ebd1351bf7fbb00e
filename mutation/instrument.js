/** Puts all mutants of some files into their text, each behind a switch, by means of Stryker's instrumenter. */

import { readFileSync } from 'node:fs';
import { Instrumenter } from '@stryker-mutator/instrumenter';

const SILENT = { debug() {}, info() {}, warn: console.warn, isDebugEnabled: () => false };

/** Texts within these only change what a message says. */
const MESSAGES = /Error$|^(error|info|warn|refuse|check\w*)$/;

/** Of what is replaced by what, in characters. */
const LONGEST = 120;

const OPTIONS = {
  plugins: null,
  excludedMutations: [],
  ignorers: [
    { shouldIgnore: (path) => (isText(path) && isInMessage(path) ? 'a message' : undefined) },
  ],
};

/** The functions of `runner.ts` in place of Stryker's. */
const SWITCHES = [
  'stryMutAct_9fa48 = globalThis.__mutation__.isActive;',
  'stryCov_9fa48 = globalThis.__mutation__.reached;',
].join('\n');

/**
 * @param {string[]} names files, from the root
 * @returns the instrumented text of each, and its mutants: `{ id, file, line, code, from, to }`
 */
export async function instrumented(names) {
  const sources = names.map((name) => ({
    name,
    mutate: true,
    content: readFileSync(name, 'utf8'),
  }));
  const result = await new Instrumenter(SILENT).instrument(sources, OPTIONS);
  const lines = new Map(sources.map(({ name, content }) => [name, content.split('\n')]));
  return {
    files: Object.fromEntries(
      result.files
        .filter(({ content }) => content.includes('stryMutAct_9fa48'))
        .map(({ name, content }) => [name, `${SWITCHES}\n${content}`]),
    ),
    mutants: result.mutants
      .filter(({ status }) => status !== 'Ignored')
      .map((mutant) => described(mutant, lines.get(mutant.fileName))),
  };
}

function described({ id, fileName, location, replacement }, lines) {
  const { line } = location.start;
  return {
    id: Number(id),
    file: fileName,
    line: line + 1,
    code: lines[line].trim(),
    from: oneLine(textAt(lines, location)),
    to: oneLine(replacement),
  };
}

function textAt(lines, { start, end }) {
  const part = lines.slice(start.line, end.line + 1);
  part.push(part.pop().slice(0, end.column));
  return [part[0].slice(start.column), ...part.slice(1)].join('\n');
}

function oneLine(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}

const isText = (path) => path.isStringLiteral() || path.isTemplateLiteral();

function isInMessage(path) {
  const message = path.findParent(
    (parent) => parent.isFunction() || parent.isThrowStatement() || isMessage(parent),
  );
  return message !== null && !message.isFunction();
}

function isMessage(path) {
  if (!path.isNewExpression() && !path.isCallExpression()) return false;
  const { callee } = path.node;
  return MESSAGES.test(callee.name ?? callee.property?.name ?? '');
}
