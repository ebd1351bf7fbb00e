/**
 * Transcripts of sessions: a line that begins with `> ` was sent, with a newline; everything else was received, byte
 * for byte.
 */

import { readFile } from 'node:fs/promises';

/** A sent line and its answer. */
export interface Exchange {
  readonly sent: string;
  readonly answer: string;
}

export async function readTranscript(path: string): Promise<Exchange[]> {
  const [, ...parts] = `\n${await readFile(path, 'utf8')}`.split('\n> ');
  return parts.map((part, place) => {
    const end = part.indexOf('\n');
    const sent = end === -1 ? part : part.slice(0, end);
    const answer = end === -1 ? '' : part.slice(end + 1);
    // The newline before the next sent line belongs to the answer.
    return { sent, answer: place === parts.length - 1 || end === -1 ? answer : `${answer}\n` };
  });
}

export function writeTranscript(exchanges: readonly Exchange[]): string {
  return exchanges.map(({ sent, answer }) => `> ${sent}\n${answer}`).join('');
}
