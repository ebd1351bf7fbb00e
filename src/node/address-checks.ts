/** Checks of hosts, ports and paths in options. */

import { type Check, checkNumber, checkObject, checkOf } from '../kit/checks.ts';

const LAST_PORT = 65_535;

export const checkHost: Check = checkOf(
  'a name or an address',
  (value) => typeof value === 'string' && value !== '',
);

/** A host to listen on; Node treats the empty string as all interfaces. */
export const checkBoundHost: Check = checkOf(
  'a name or an address',
  (value) => typeof value === 'string',
);

/** A port to listen on; 0 picks a free one. */
export const checkPort: Check = (name, value) => checkPortFrom(name, value, 0);

/** A port to connect to. */
export const checkRemotePort: Check = (name, value) => checkPortFrom(name, value, 1);

function checkPortFrom(name: string, value: unknown, first: number): void {
  const isRight = (port: number) => Number.isInteger(port) && port >= first && port <= LAST_PORT;
  checkNumber(name, value, `an integer from ${first} to ${LAST_PORT}`, isRight);
}

export const checkTls: Check = checkObject;

export const checkPath: Check = checkOf(
  'the path of a file',
  (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
);
