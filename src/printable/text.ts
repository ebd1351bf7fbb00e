/**
 * Makes untrusted text (names, messages, items, answers of a server) safe to print. Terminals obey control
 * characters, and invisible characters can mislead a reader.
 */

/** The longest name or value in a message, in characters; longer ones are cut. */
export const MAX_VALUE_LENGTH = 200;

const PLAIN = /^[ -~]*$/;

/** Whether a text is one line of printable ASCII, as most are, so that nothing must be escaped. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The text with unprintable characters escaped, as `\x1b` or `\u202e`; newlines and tabs stay. */
export function printable(text: string): string {
  return rewritten(text, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

/** The same on one line: newlines and tabs are escaped as well. For names and items. */
export function printableLine(text: string): string {
  return rewritten(text, escaped);
}

/** JSON with unprintable characters as JSON escapes, `\\u001b`, so that the data stays the same. */
export function printableJson(json: string): string {
  return rewritten(json, (char) =>
    Array.from({ length: char.length }, (_, at) => unitEscaped(char.charCodeAt(at))).join(''),
  );
}

/** A value as printable JSON. */
export function printableJsonOf(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

function unitEscaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** A message as one printable line: its lines are joined by spaces, and it is cut after `maxLength` characters. */
export function printableMessage(message: string, maxLength: number): string {
  // Only this part of a long message is read.
  const lines = message
    .trimStart()
    .slice(0, 4 * maxLength)
    .split(/[\n\r\u2028\u2029]/);
  const parts = lines.map((line) => line.trim()).filter((line) => line !== '');
  return shortened(printableLine(shortened(parts.join(' '), maxLength)), maxLength);
}

/** A name as one printable line, cut after `maxLength` characters. */
export function printableName(name: string, maxLength: number = MAX_VALUE_LENGTH): string {
  return shortened(printableLine(shortened(name, maxLength)), maxLength);
}

/** The text, cut after `maxLength` characters with an ellipsis at the end. */
export function shortened(text: string, maxLength: number = MAX_VALUE_LENGTH): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return `${text.slice(0, splitsPair ? maxLength - 1 : maxLength)}…`;
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

/**
 * The text with each unprintable character replaced: controls (C0, C1, DEL), lone surrogates, line separators,
 * bidirectional controls, and characters without width. Joiners and variation selectors stay, since scripts and emoji
 * need them.
 */
function rewritten(text: string, write: (char: string) => string): string {
  if (isPlain(text)) return text;
  // Not a module constant, since compiling it takes V8 half a millisecond.
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u115f\u1160\u180e\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e00ff}]/gu,
    write,
  );
}
