/**
 * Text from elsewhere (names, messages, items, answers of a server) made safe to print. A terminal
 * obeys control characters, and invisible ones make a reader see something else than what is there.
 */

/** How long a name or a value in a message may get before it is cut, in characters. */
export const MAX_VALUE_LENGTH = 200;

const PLAIN = /^[ -~]*$/;

/** Whether a text is one line of ASCII, as most are: nothing of it has to be written otherwise. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The text with what cannot be printed written out, `\x1b` or `\u202e`; newlines and tabs stay. */
export function printable(text: string): string {
  return rewritten(text, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

/** The same in one line: newlines and tabs are written out as well. For names and items. */
export function printableLine(text: string): string {
  return rewritten(text, escaped);
}

/** JSON with what cannot be printed written as JSON has it, `\\u001b`: the same data. */
export function printableJson(json: string): string {
  return rewritten(json, (char) =>
    Array.from({ length: char.length }, (_, at) => unitEscaped(char.charCodeAt(at))).join(''),
  );
}

/** A value as such JSON. */
export function printableJsonOf(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

function unitEscaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/**
 * A message as one printable line: its lines are joined by blanks, and it is cut where it gets
 * longer than `maxLength` characters.
 */
export function printableMessage(message: string, maxLength: number): string {
  // No more than this is looked at, however long the message is.
  const lines = message
    .trimStart()
    .slice(0, 4 * maxLength)
    .split(/[\n\r\u2028\u2029]/);
  const parts = lines.map((line) => line.trim()).filter((line) => line !== '');
  return shortened(printableLine(shortened(parts.join(' '), maxLength)), maxLength);
}

/** A name as one printable line, cut where it gets longer than `maxLength` characters. */
export function printableName(name: string, maxLength: number = MAX_VALUE_LENGTH): string {
  return shortened(printableLine(shortened(name, maxLength)), maxLength);
}

/** The text, cut after `maxLength` characters and then ending in an ellipsis. */
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
 * The text with another one in place of each character that cannot be printed: controls (C0, C1, DEL), halves of
 * surrogate pairs, line separators, everything that changes the direction of writing, and what takes
 * no space. Joiners and variation selectors stay: scripts and emoji are spelled with them.
 */
function rewritten(text: string, write: (char: string) => string): string {
  if (isPlain(text)) return text;
  // Here, and not made at the start: half a millisecond passes before V8 has looked up what it names.
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u115f\u1160\u180e\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e00ff}]/gu,
    write,
  );
}
