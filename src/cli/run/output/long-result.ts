/** Encodes results as JSON in chunks if they are too long for a string. */

import { printableJson } from '../../../printable/text.ts';
import type { ByteSource } from './byte-source.ts';

/** Base64 encodes three bytes as four characters. */
const BASE64_GROUP = 3;

/** Whether bytes are UTF-8. */
export function isUtf8Source(source: ByteSource): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const chunk of source.chunks()) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** Encodes UTF-8 as the contents of a JSON string, without the trailing line break. */
export function* jsonTextOf(source: ByteSource): Generator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  for (const chunk of source.chunks()) {
    const text = held + decoder.decode(chunk, { stream: true });
    held = text.endsWith('\n') ? '\n' : '';
    const json = JSON.stringify(text.slice(0, text.length - held.length)).slice(1, -1);
    yield Buffer.from(printableJson(json));
  }
}

export function* base64Of(source: ByteSource): Generator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for (const chunk of source.chunks()) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % BASE64_GROUP);
    yield Buffer.from(bytes.toString('base64', 0, end));
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield Buffer.from(Buffer.from(rest).toString('base64'));
}
