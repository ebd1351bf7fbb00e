/**
 * What a coordinator has done in Redis in one motion. The scripts know how BullMQ 6 keeps a job: a hash, a lock
 * beside it as long as a worker has it, and its id in `wait`, `active`, `completed` or `failed`.
 */

import { commandsOf, script } from '../scripts.ts';

/**
 * Adds jobs as BullMQ's `addBulk` does, in one script instead of one for each, and without the events
 * `added` and `waiting`, which nobody here reads. One that is there already is left as it is. Keys: the queue,
 * so that all are in its slot. Arguments: options and time of the jobs; then of each its id, its name, its data.
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

/** Takes a job out of wherever it is; its lock is to be looked at before. */
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
 * Claims a pool for a coordinator, and notifies the workers. Keys: claim, control. Arguments: the
 * coordinator, the pool, how long the claim is kept without news, in ms. Returns the number of the claim.
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
 * Whether a claim still holds; one that Redis has lost is made again. Keys: claim. Arguments: the
 * coordinator, the number, how long it is kept.
 */
export const HOLD = script(`
local by = redis.call('HGET', KEYS[1], 'by')
if by and by ~= ARGV[1] then return 0 end
if not by then redis.call('HSET', KEYS[1], 'by', ARGV[1], 'number', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/**
 * What became of jobs. Key: the queue. Arguments: their ids. Gives for each its state (see
 * {@link Seen}), what it has come to, and who has it.
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
 * Cancels a job: takes it out of the queue if no worker has it, otherwise tells the workers. Keys: the
 * queue, control. Arguments: its id, the reason. Gives 1 if it was taken out.
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

/** Removes jobs that no worker has. Key: the queue. Arguments: their ids. Gives 1 for each that was there. */
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
 * Removes jobs whose worker is dead. Key: the queue. Arguments: the worker, then ids. Gives 1 for each
 * that it had.
 */
export const BURY = script(`${REMOVE}
local buried = {}
for i = 2, #ARGV do
  local key = KEYS[1] .. ARGV[i]
  local isIts = redis.call('HGET', key, 'pb') == ARGV[1] and redis.call('EXISTS', key .. ':lock') == 1
  if isIts then remove(KEYS[1], ARGV[i]) end
  table.insert(buried, isIts and 1 or 0)
end
return buried
`);

/**
 * Drops the older half of what happened and more, if that takes more than so many bytes. Keys: the events. Arguments:
 * the bytes. A user who may not ask for them has no such limit.
 */
export const TRIM = script(`
local bytes = redis.pcall('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)
if type(bytes) ~= 'number' or bytes <= tonumber(ARGV[1]) then return end
local length = redis.call('XLEN', KEYS[1])
redis.call('XTRIM', KEYS[1], 'MAXLEN', math.floor(length * ARGV[1] / bytes / 2))
`);

/** All that a coordinator runs, in scripts and without. */
export const COMMANDS: readonly string[] = [
  ...new Set([
    ...commandsOf(ADD, CLAIM, HOLD, LOOK, CANCEL, FORGET, BURY, TRIM),
    ...['HDEL', 'HGETALL', 'HMGET', 'UNLINK', 'XREAD', 'XREVRANGE', 'ZREM'],
  ]),
];
