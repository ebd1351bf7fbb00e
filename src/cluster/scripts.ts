/** What has to be done in Redis in one motion. */

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

/** Runs a script; Redis is given its text when it does not know it, after a restart for instance. */
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

/** The commands that some scripts run. */
export function commandsOf(...scripts: readonly Script[]): string[] {
  return scripts.flatMap(({ lua }) =>
    Array.from(lua.matchAll(/redis\.call\('(\w+)'/g), ([, name = '']) => name),
  );
}

/**
 * Gives those of some commands that the user may not run. Key: what all keys begin with. Arguments: the commands, which
 * must have keys behind their names, two at the most: of others Redis 7.0 reads words that are not there, and crashes.
 */
export const PERMITTED = script(`
local refused = {}
-- Others that speak like Redis need not have it.
if not redis.acl_check_cmd then return refused end
for _, command in ipairs(ARGV) do
  if not redis.acl_check_cmd(command, KEYS[1], KEYS[1]) then table.insert(refused, command) end
end
return refused
`);
