/** Certificates that are good for a day: `openssl` makes them where they are needed. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for this machine, signed by itself. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const args = ['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
    args.push('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
    args.push('-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    await promisify(execFile)('openssl', [...args, '-keyout', key, '-out', cert]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
