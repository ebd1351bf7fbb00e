/** A server listens at the address that was found safe, whatever its name stands for afterwards. */

import { lookup } from 'node:dns/promises';
import { expect, test, vi } from 'vitest';
import { TCPControlServer } from 'xstate-taskpool/control';
import { taskPool } from '../../support/pools.ts';

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }));

test('a name is looked up once, and the address bound', async () => {
  vi.mocked(lookup).mockImplementation((async () => {
    const address = vi.mocked(lookup).mock.calls.length === 1 ? '127.0.0.1' : '0.0.0.0';
    return { address, family: 4 };
  }) as never);
  const server = new TCPControlServer(taskPool(), { port: 0, host: 'rebinding.invalid' });
  expect(await server.listen()).toMatchObject({ host: '127.0.0.1' });
  expect(lookup).toHaveBeenCalledTimes(1);
  await server.close();
});

test('a name of another machine is refused before anything listens', async () => {
  vi.mocked(lookup).mockResolvedValue({ address: '0.0.0.0', family: 4 } as never);
  const server = new TCPControlServer(taskPool(), { port: 0, host: 'localhost' });
  await expect(server.listen()).rejects.toMatchObject({ code: 'UnsafeAddress' });
});

test('what may be anywhere is looked at again when it is bound', async () => {
  // An address that names no host may be read otherwise by the system than here.
  vi.mocked(lookup).mockResolvedValue({ address: '127.0.0.1', family: 4 } as never);
  const server = new TCPControlServer(taskPool(), { port: 0, host: '' });
  await expect(server.listen()).rejects.toMatchObject({ code: 'UnsafeAddress' });
});
