/** Bytes that are read in chunks instead of being in memory together. */

export interface ByteSource {
  /** The approximate number of bytes. */
  readonly length: number;
  /** Yields all bytes from the start; a chunk is valid until the next one is requested. */
  chunks(): Iterable<Uint8Array>;
}

/** Printable data. */
export type Printable = string | Uint8Array | ByteSource;

export function isByteSource(data: Printable): data is ByteSource {
  return typeof data !== 'string' && 'chunks' in data;
}

export function chunksOf(data: Printable): Iterable<Uint8Array> {
  if (isByteSource(data)) return data.chunks();
  return [typeof data === 'string' ? Buffer.from(data) : data];
}
