/** Parses the address of a control server: `unix:PATH` or `tcp:HOST:PORT`. */

import { InvalidArgumentError } from 'commander';
import { visible } from './visible.ts';

export type ControlAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

/** @throws InvalidArgumentError */
export function parseControlAddress(text: string): ControlAddress {
  const { path, host, port } =
    /^(?:unix:(?<path>.+)|tcp:\[?(?<host>[^\]]+?)\]?:(?<port>\d{1,5}))$/.exec(text)?.groups ?? {};
  if (path !== undefined) return { path };
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new InvalidArgumentError(`expected unix:PATH or tcp:HOST:PORT, got ${visible(text)}`);
}
