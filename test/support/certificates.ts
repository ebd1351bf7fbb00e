/** Certificates for tests of TLS, made by the real openssl. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasTool } from './tools.ts';

/** Whether there is an openssl. */
export const hasOpenssl = hasTool('openssl');

/** A key and a self-signed certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The files with both. */
  readonly keyFile: string;
  readonly certFile: string;
}

/** Creates a certificate for `localhost` and `127.0.0.1`, in files with this name in a folder. */
export async function makeCertificate(folder: string, name: string): Promise<Certificate> {
  const keyFile = join(folder, `${name}.key`);
  const certFile = join(folder, `${name}.pem`);
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'],
    ...['-days', '1', '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
  return { key, cert, keyFile, certFile };
}
