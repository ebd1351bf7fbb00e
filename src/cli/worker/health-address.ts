/** The address of a worker's health server. */

import { InvalidArgumentError } from 'commander';
import { parsePort } from '../commands/targets.ts';
import { visible } from '../visible.ts';

export interface HealthAddress {
  readonly host: string;
  readonly port: number;
}

/** Parses `9090`, `0.0.0.0:9090` or `[::1]:9090`. The default host is 127.0.0.1. @throws InvalidArgumentError */
export function parseHealth(text: string): HealthAddress {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined)
    throw new InvalidArgumentError(`expected PORT or HOST:PORT, got ${visible(text)}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: parsePort(port) };
}
