/** Who is let in, and who is trusted: tokens and TLS, right, wrong, missing and cut short. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { hasOpenssl, makeCertificate } from '../../../support/certificates.ts';
import { type Ended, taskpool, taskpoolProcess } from '../../../support/command-line.ts';
import {
  closeServers,
  serveTcp,
  serveUnix,
  temporaryFolder,
} from '../../../support/control/served.ts';
import { simplePool, untilAborted } from '../../../support/pools.ts';

const TOKEN = 'correct-horse-battery-staple';

afterEach(closeServers);

const pool = () => simplePool(untilAborted, [], { poolSize: 4 });

describe('a token', () => {
  async function ask(
    env: Record<string, string>,
    file?: string,
    start: typeof taskpool = taskpool,
  ): Promise<Ended> {
    const { args } = await serveUnix(pool(), { token: TOKEN });
    const option: string[] = [];
    if (file !== undefined) {
      const path = join(await temporaryFolder(), 'token');
      await writeFile(path, file);
      option.push('--token-file', path);
    }
    const ended = await start([...args, ...option, '--', 'pool-size'], { env });
    for (const secret of [TOKEN, ...Object.values(env)].filter((text) => text.length > 3)) {
      expect(ended.stdout + ended.stderr).not.toContain(secret);
    }
    return ended;
  }

  const letIn = { exitCode: 0, stdout: '4\n', stderr: '' };
  const refused = {
    exitCode: 3,
    stdout: '',
    stderr: expect.stringMatching(/^taskpool: no connection to .+: expected the token .+\n$/),
  };

  test('in the environment lets in', async () => {
    expect(await ask({ TASKPOOL_TOKEN: TOKEN }, undefined, taskpoolProcess)).toEqual(letIn);
  });

  test.each([TOKEN, `${TOKEN}\n`, `${TOKEN}\r\n`])('in a file lets in: %j', async (text) => {
    expect(await ask({}, text)).toEqual(letIn);
  });

  test('in a file counts more than one in the environment', async () => {
    expect(await ask({ TASKPOOL_TOKEN: 'wrong' }, TOKEN)).toEqual(letIn);
    expect(await ask({ TASKPOOL_TOKEN: TOKEN }, 'wrong')).toEqual(refused);
  });

  test.each([
    ['missing', ''],
    ['wrong', 'incorrect-horse-battery-staple'],
    ['cut short', TOKEN.slice(0, -1)],
    ['too long', `${TOKEN}!`],
  ])('that is %s does not', async (_, token) => {
    expect(await ask({ TASKPOOL_TOKEN: token })).toEqual(refused);
  });

  test('file that is empty is an error of usage', async () => {
    expect(await ask({}, '\n')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^taskpool: expected a token in .+, got an empty file\n$/),
    });
  });
});

describe.skipIf(!hasOpenssl)('TLS', () => {
  test('the server proves who it is, or there is no connection', async () => {
    const folder = await temporaryFolder();
    const ours = await makeCertificate(folder, 'ours');
    const others = await makeCertificate(folder, 'others');
    const { args, port } = await serveTcp(pool(), { tls: ours, token: TOKEN });
    const env = { TASKPOOL_TOKEN: TOKEN };
    const ask = (...options: string[]) =>
      taskpool([...args, ...options, '--', 'pool-size'], { env });

    expect(await ask('--ca', ours.certFile)).toEqual({ exitCode: 0, stdout: '4\n', stderr: '' });
    const named = ['control', 'tcp', 'localhost', String(port), '--tls', '--ca', ours.certFile];
    expect((await taskpool([...named, 'pool-size'], { env })).stdout).toBe('4\n');

    for (const [options, complaint] of [
      [['--ca', others.certFile], /self-signed certificate/],
      [['--tls'], /self-signed certificate/],
      // Without TLS the first line is none that a TLS server could read.
      [[], /closed|ECONNRESET|EPROTO/],
    ] as const) {
      const { exitCode, stdout, stderr } = await ask(...options);
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toMatch(/^taskpool: no connection to 127\.0\.0\.1:\d+: .+\n$/);
      expect(stderr).toMatch(complaint);
    }
  });

  test('a server for another name is not trusted', async () => {
    const folder = await temporaryFolder();
    const ours = await makeCertificate(folder, 'ours');
    const { port } = await serveTcp(pool(), { tls: ours, token: TOKEN, host: '127.0.0.2' });
    const args = ['control', 'tcp', '127.0.0.2', String(port), '--ca', ours.certFile, 'pool-size'];
    const { exitCode, stderr } = await taskpool(args, { env: { TASKPOOL_TOKEN: TOKEN } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('does not match');
  });

  test('a server without TLS is no server with it', async () => {
    const { args } = await serveTcp(pool());
    const { exitCode, stderr } = await taskpool([...args, '--tls', 'pool-size']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/^taskpool: no connection to .+\n$/),
    });
  });
});
