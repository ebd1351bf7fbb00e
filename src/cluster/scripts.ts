/** Lua scripts that run atomically in Redis. */

import { createHash } from 'node:crypto';
import { isError } from '../kit/realms.ts';
import type { RedisClient } from '../node/redis/connection.ts';

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Runs a script by its hash; sends its text if Redis does not know it, for instance after a restart. */
export async function run(
  client: RedisClient,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(isError(error) && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}

/** The commands that scripts call. */
export function commandsOf(...scripts: readonly Script[]): string[] {
  return scripts.flatMap(({ lua }) =>
    Array.from(lua.matchAll(/redis\.call\('(\w+)'/g), ([, name = '']) => name),
  );
}

/**
 * Returns those of some commands that the user may not run. Key: the prefix of all keys. Arguments: the commands,
 * which must take one or two keys as their first arguments: for others Redis 7.0 reads missing words, and crashes.
 */
export const PERMITTED = script(`
local refused = {}
-- Missing in some servers that are compatible with Redis.
if not redis.acl_check_cmd then return refused end
for _, command in ipairs(ARGV) do
  if not redis.acl_check_cmd(command, KEYS[1], KEYS[1]) then table.insert(refused, command) end
end
return refused
`);
