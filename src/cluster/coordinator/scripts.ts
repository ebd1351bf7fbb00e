/**
 * The atomic operations of a coordinator in Redis. The scripts know the layout of jobs in BullMQ 6: a hash; a lock
 * next to it while a worker has the job; and its id in `wait`, `active`, `completed` or `failed`.
 */

import { commandsOf, script } from '../scripts.ts';

/**
 * Adds jobs like BullMQ's `addBulk`, but in one script instead of one per job, and without the events `added` and
 * `waiting`, which nobody reads here. Existing jobs stay unchanged. Keys: the queue, so that all keys are in its
 * slot. Arguments: options and time of the jobs; then id, name and data of each.
 */
export const ADD = script(`
local queue, ids = KEYS[1], {}
for i = 3, #ARGV, 3 do
  local key = queue .. ARGV[i]
  if redis.call('EXISTS', key) == 0 then
    redis.call('HSET', key, 'name', ARGV[i + 1], 'data', ARGV[i + 2],
      'opts', ARGV[1], 'timestamp', ARGV[2], 'delay', 0, 'priority', 0)
    table.insert(ids, ARGV[i])
  end
end
if #ids == 0 then return end
redis.call('LPUSH', queue .. 'wait', unpack(ids))
if redis.call('HEXISTS', queue .. 'meta', 'paused') == 0 then
  redis.call('ZADD', queue .. 'marker', 0, '0')
end
`);

/** Removes a job from any state; check its lock before. */
const REMOVE = `
local function remove(queue, id)
  redis.call('LREM', queue .. 'wait', 1, id)
  redis.call('LREM', queue .. 'active', 1, id)
  redis.call('ZREM', queue .. 'completed', id)
  redis.call('ZREM', queue .. 'failed', id)
  redis.call('UNLINK', queue .. id, queue .. id .. ':lock', queue .. id .. ':logs')
end
`;

/**
 * Claims a pool for a coordinator, and notifies the workers. Keys: claim, control. Arguments: the coordinator, the
 * pool, after how many ms an unused claim expires. Returns the number of the claim.
 */
export const CLAIM = script(`
local claim = redis.call('HMGET', KEYS[1], 'by', 'number')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if claim[1] == ARGV[1] then return tonumber(claim[2]) end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('HSET', KEYS[1], 'by', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'do', 'claim', 'uid', ARGV[2], 'claim', number)
return number
`);

/**
 * Checks whether a claim still holds; one that Redis has lost is restored. Keys: claim. Arguments: the coordinator,
 * the number, after how many ms it expires.
 */
export const HOLD = script(`
local by = redis.call('HGET', KEYS[1], 'by')
if by and by ~= ARGV[1] then return 0 end
if not by then redis.call('HSET', KEYS[1], 'by', ARGV[1], 'number', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/**
 * Looks up jobs. Key: the queue. Arguments: their ids. Returns for each its state (see {@link Seen}), its value, and
 * its worker.
 */
export const LOOK = script(`
local seen = {}
for _, id in ipairs(ARGV) do
  local key = KEYS[1] .. id
  local job = redis.call('HMGET', key, 'finishedOn', 'returnvalue', 'failedReason', 'pb', 'data')
  local state, value = 'gone', ''
  if job[1] and job[2] then state, value = 'completed', job[2]
  elseif job[1] then state, value = 'failed', job[3] or ''
  elseif redis.call('EXISTS', key .. ':lock') == 1 then state = 'active'
  elseif job[5] then state = 'waiting' end
  table.insert(seen, state)
  table.insert(seen, value)
  table.insert(seen, job[4] or '')
end
return seen
`);

/**
 * Cancels a job: removes it from the queue if no worker has it, otherwise notifies the workers. Keys: the queue,
 * control. Arguments: its id, the reason. Returns 1 if it was removed.
 */
export const CANCEL = script(`${REMOVE}
local key = KEYS[1] .. ARGV[1]
if redis.call('EXISTS', key) == 1 and redis.call('EXISTS', key .. ':lock') == 0
  and not redis.call('HGET', key, 'finishedOn') then
  remove(KEYS[1], ARGV[1])
  return 1
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'do', 'cancel', 'job', ARGV[1], 'reason', ARGV[2])
return 0
`);

/** Removes jobs that no worker has. Key: the queue. Arguments: their ids. Returns 1 for each that existed. */
export const FORGET = script(`${REMOVE}
local removed = {}
for _, id in ipairs(ARGV) do
  local key = KEYS[1] .. id
  local job = redis.call('HMGET', key, 'finishedOn', 'data')
  if job[1] then
    redis.call('ZREM', KEYS[1] .. 'completed', id)
    redis.call('ZREM', KEYS[1] .. 'failed', id)
    redis.call('UNLINK', key)
    table.insert(removed, 1)
  elseif job[2] and redis.call('EXISTS', key .. ':lock') == 0 then
    remove(KEYS[1], id)
    table.insert(removed, 1)
  else table.insert(removed, 0) end
end
return removed
`);

/**
 * Removes the jobs of a dead worker. Key: the queue. Arguments: the worker, then ids. Returns 1 for each that the
 * worker had.
 */
export const REMOVE_LOST = script(`${REMOVE}
local removed = {}
for i = 2, #ARGV do
  local key = KEYS[1] .. ARGV[i]
  local isIts = redis.call('HGET', key, 'pb') == ARGV[1] and redis.call('EXISTS', key .. ':lock') == 1
  if isIts then remove(KEYS[1], ARGV[i]) end
  table.insert(removed, isIts and 1 or 0)
end
return removed
`);

/**
 * Drops at least the older half of the events if they take more than the given number of bytes. Keys: the events.
 * Arguments: the bytes. Has no effect if the user of Redis may not query the memory usage.
 */
export const TRIM = script(`
local bytes = redis.pcall('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)
if type(bytes) ~= 'number' or bytes <= tonumber(ARGV[1]) then return end
local length = redis.call('XLEN', KEYS[1])
redis.call('XTRIM', KEYS[1], 'MAXLEN', math.floor(length * ARGV[1] / bytes / 2))
`);

/** All commands that a coordinator runs, in scripts and directly. */
export const COMMANDS: readonly string[] = [
  ...new Set([
    ...commandsOf(ADD, CLAIM, HOLD, LOOK, CANCEL, FORGET, REMOVE_LOST, TRIM),
    ...['HDEL', 'HGETALL', 'HMGET', 'UNLINK', 'XREAD', 'XREVRANGE', 'ZREM'],
  ]),
];
