/** A command with placeholders, made ready: for each item it gives a program and its arguments. */

import { directWords, type Piece } from './direct-words.ts';
import { ANY_PLACEHOLDER, PLACEHOLDERS, type Placeholder } from './placeholders.ts';
import { shellScript } from './shell-script.ts';

/** What is started for an item. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Gives the command for an item and its place, counted from 1. */
export type Template = (item: string, place: number) => Command;

const DEFAULT_SHELL = '/bin/sh';

/**
 * Reads a command. Where there is no placeholder, the item becomes its last argument. It is given
 * to the shell only where it uses something of the shell's, or where a shell was named.
 */
export function parseTemplate(text: string, shell?: string): Template {
  const template = ANY_PLACEHOLDER.test(text) ? text : `${text} {}`;
  const words = shell === undefined ? directWords(template) : undefined;
  return words === undefined
    ? throughShell(template, shell ?? DEFAULT_SHELL)
    : direct(words.map(wordOf));
}

function direct([program, ...rest]: readonly Placeholder[]): Template {
  const file = (program as Placeholder)('', 0);
  return (item, place) => ({ file, args: rest.map((word) => word(item, place)) });
}

function throughShell(template: string, shell: string): Template {
  const { text, parameters } = shellScript(template);
  const values = parameters.map(placeholderOf);
  return (item, place) => ({
    file: shell,
    // The name after the script is the one that the shell's own messages begin with.
    args: ['-c', text, 'taskpool', ...values.map((value) => value(item, place))],
  });
}

function wordOf(pieces: readonly Piece[]): Placeholder {
  const parts = pieces.map(partOf);
  return (item, place) => parts.map((part) => part(item, place)).join('');
}

function partOf({ text, isPlaceholder }: Piece): Placeholder {
  return isPlaceholder ? placeholderOf(text) : () => text;
}

function placeholderOf(name: string): Placeholder {
  return PLACEHOLDERS[name] as Placeholder;
}
