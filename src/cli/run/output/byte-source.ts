/** Bytes that need not be in memory all at once. */

export interface ByteSource {
  /** How many bytes there are, about. */
  readonly length: number;
  /** All of them, from the start; a chunk holds until the next one is asked for. */
  chunks(): Iterable<Uint8Array>;
}

/** What can be printed. */
export type Printable = string | Uint8Array | ByteSource;

export function isByteSource(data: Printable): data is ByteSource {
  return typeof data !== 'string' && 'chunks' in data;
}

export function chunksOf(data: Printable): Iterable<Uint8Array> {
  if (isByteSource(data)) return data.chunks();
  return [typeof data === 'string' ? Buffer.from(data) : data];
}
