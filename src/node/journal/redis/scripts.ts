/**
 * The atomic operations of a journal in Redis. Each script that writes first checks that its writer is still the
 * current one, and each is idempotent, since a client without an answer repeats it.
 *
 * `KEYS` are the events, the metadata and the lock, and where noted a checkpoint.
 */

import { createHash } from 'node:crypto';

export class Script {
  readonly text: string;
  /** The hash by which Redis caches the script. */
  readonly sha: string;

  constructor(text: string) {
    this.text = text;
    this.sha = createHash('sha1').update(text).digest('hex');
  }
}

/** The version of the layout, recorded in the metadata. */
export const FORMAT = '1';

/** The beginning of every script that writes: ARGV[1] is the fence. */
const IF_STILL_WRITER = `
local fence = redis.call('HGET', KEYS[2], 'fence')
if not fence then return {'removed'} end
if fence ~= ARGV[1] then return {'fenced'} end
`;

/**
 * ARGV: token, holder, milliseconds, a holder that is dead. Returns the current holder, or a new fence, which
 * invalidates those of earlier writers.
 */
export const TAKE = new Script(`
local format = redis.call('HGET', KEYS[2], 'format')
if format and format ~= '${FORMAT}' then return {'format', format} end
local holder = redis.call('GET', KEYS[3])
if holder and holder ~= ARGV[2] and holder ~= ARGV[4] then return {'held', holder, redis.call('PTTL', KEYS[3])} end
local fence = redis.call('HGET', KEYS[2], 'fence')
if not fence or fence:sub(-#ARGV[1]) ~= ARGV[1] then
  fence = redis.call('HINCRBY', KEYS[2], 'openings', 1) .. ':' .. ARGV[1]
  redis.call('HSET', KEYS[2], 'format', '${FORMAT}', 'fence', fence)
end
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
return {'ok', fence}
`);

/** ARGV: fence, holder, milliseconds. Also returns the next event, so that a loss is detected. */
export const RENEW = new Script(`
${IF_STILL_WRITER}
if redis.call('GET', KEYS[3]) == ARGV[2] then redis.call('PEXPIRE', KEYS[3], ARGV[3])
else redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3]) end
return {'ok', redis.call('HGET', KEYS[2], 'next') or ''}
`);

/** ARGV: fence, holder. */
export const RELEASE = new Script(`
${IF_STILL_WRITER}
if redis.call('GET', KEYS[3]) == ARGV[2] then redis.call('DEL', KEYS[3]) end
return {'ok'}
`);

/** ARGV: fence, first and next event as encoded, entry, crc, context, rows, pool. */
export const APPEND = new Script(`
${IF_STILL_WRITER}
local next = redis.call('HGET', KEYS[2], 'next')
if next == ARGV[3] then return {'ok'} end
if next and next ~= ARGV[2] then return {'next', next} end
redis.call('XADD', KEYS[1], ARGV[4], 'crc', ARGV[5], 'context', ARGV[6], 'rows', ARGV[7])
if next then redis.call('HSET', KEYS[2], 'next', ARGV[3])
else redis.call('HSET', KEYS[2], 'next', ARGV[3], 'first', ARGV[2], 'pool', ARGV[8]) end
return {'ok'}
`);

/** ARGV: fence, first event, first event as encoded. */
export const PRUNE = new Script(`
${IF_STILL_WRITER}
redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[2] .. '-0')
redis.call('HSET', KEYS[2], 'first', ARGV[3])
return {'ok'}
`);

/** ARGV: fence, draft. Records the draft, so that a leftover is removed later. */
export const BEGIN_DRAFT = new Script(`
${IF_STILL_WRITER}
redis.call('HSET', KEYS[2], 'draft', ARGV[2])
return {'ok'}
`);

/** KEYS[4] the draft; ARGV: fence, index, part. */
export const ADD_PART = new Script(`
${IF_STILL_WRITER}
if redis.call('LLEN', KEYS[4]) == tonumber(ARGV[2]) then redis.call('RPUSH', KEYS[4], ARGV[3]) end
return {'ok'}
`);

/** ARGV: fence, draft, encoded checkpoint. Records the previous draft, so that it is removed later. */
export const COMMIT_DRAFT = new Script(`
${IF_STILL_WRITER}
if redis.call('HGET', KEYS[2], 'checkpoint') == ARGV[3] then return {'ok'} end
local before = redis.call('HGET', KEYS[2], 'checkpointDraft')
if before then redis.call('HSET', KEYS[2], 'stale', before) end
redis.call('HSET', KEYS[2], 'checkpointDraft', ARGV[2], 'checkpoint', ARGV[3])
redis.call('HDEL', KEYS[2], 'draft')
return {'ok'}
`);

/** KEYS[4] the leftover; ARGV: fence, the field that records it. */
export const REMOVE_DRAFT = new Script(`
${IF_STILL_WRITER}
redis.call('UNLINK', KEYS[4])
redis.call('HDEL', KEYS[2], ARGV[2])
return {'ok'}
`);

/** Removes a journal without a writer; KEYS from 4 on are checkpoints. */
export const REMOVE = new Script(`
local holder = redis.call('GET', KEYS[3])
if holder then return {'held', holder, redis.call('PTTL', KEYS[3])} end
return {'ok', redis.call('UNLINK', unpack(KEYS))}
`);

/** Returns the metadata, and the ids of the first and the last entry. */
export const LOOK = new Script(`
local function id(entries) return entries[1] and entries[1][1] or '' end
return {
  redis.call('HGETALL', KEYS[2]),
  id(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)),
  id(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)),
}
`);
