/**
 * What has to be done in Redis in one motion. The scripts know how BullMQ 6 keeps a job: a hash, a lock
 * beside it as long as a worker has it, and its id in `wait`, `active`, `completed` or `failed`.
 */

import { createHash } from 'node:crypto';
import { isError } from '../kit/realms.ts';
import type { RedisClient } from '../node/redis/connection.ts';

interface Script {
  readonly lua: string;
  readonly sha: string;
}

function script(lua: string): Script {
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

/**
 * Writes down that jobs have succeeded, and fetches the next ones, as BullMQ's `moveToFinished` does for one: without
 * its event `active`, and with one look at what is old, or at whether the queue is paused. Key: the queue. Arguments:
 * time, worker, for how long jobs are locked, how many events are kept, since when results are; then of each job its
 * id, the token of its lock, its value, 1 to fetch another one. Gives for each 0 if it is left as it is, 1, or the
 * next job; gives nothing, and has done nothing, if the queue is paused or limited.
 */
export const FINISH = script(`
local queue, now, by, lock = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local limits = redis.call('HMGET', queue .. 'meta', 'paused', 'concurrency', 'max')
if limits[1] or limits[2] or limits[3] then return {} end

local function finish(id, token, value)
  local key = queue .. id
  if redis.call('GET', key .. ':lock') ~= token then return false end
  if redis.call('LREM', queue .. 'active', -1, id) == 0 then return false end
  redis.call('DEL', key .. ':lock')
  redis.call('HSET', key, 'returnvalue', value, 'finishedOn', now)
  redis.call('ZADD', queue .. 'completed', now, id)
  redis.call('XADD', queue .. 'events', '*', 'event', 'completed', 'jobId', id, 'returnvalue', value)
  return true
end

local function fetch(token)
  local id = redis.call('RPOPLPUSH', queue .. 'wait', queue .. 'active')
  if not id then return 1 end
  local key = queue .. id
  local job = redis.call('HMGET', key, 'name', 'data', 'opts', 'timestamp')
  if not job[2] then
    redis.call('LREM', queue .. 'active', 1, id)
    return fetch(token)
  end
  redis.call('SET', key .. ':lock', token, 'PX', lock)
  redis.call('HSET', key, 'processedOn', now, 'pb', by)
  return { id, job[1], job[2], job[3], job[4] }
end

local answers = {}
for i = 6, #ARGV, 4 do
  local answer = finish(ARGV[i], ARGV[i + 1], ARGV[i + 2]) and 1 or 0
  if answer == 1 and ARGV[i + 3] == '1' then answer = fetch(ARGV[i + 1]) end
  table.insert(answers, answer)
end
redis.call('XTRIM', queue .. 'events', 'MAXLEN', '~', ARGV[4])
local old = redis.call('ZRANGEBYSCORE', queue .. 'completed', '-inf', ARGV[5], 'LIMIT', 0, 1000)
for _, id in ipairs(old) do
  redis.call('ZREM', queue .. 'completed', id)
  redis.call('UNLINK', queue .. id)
end
if redis.call('EXISTS', queue .. 'wait') == 1 then redis.call('ZADD', queue .. 'marker', 0, '0') end
return answers
`);

/**
 * Puts a job at the end of the queue that a worker was given and cannot run. Key: the queue. Arguments: its id, the
 * token of its lock. Gives how many wait now, or nothing if it is not the worker's any more.
 */
export const PASS_ON = script(`
local queue, id = KEYS[1], ARGV[1]
local key = queue .. id
if redis.call('GET', key .. ':lock') ~= ARGV[2] then return end
redis.call('DEL', key .. ':lock')
if redis.call('LREM', queue .. 'active', 1, id) == 0 then return end
local waiting = redis.call('LPUSH', queue .. 'wait', id)
redis.call('ZADD', queue .. 'marker', 0, '0')
redis.call('XADD', queue .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
return waiting
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
 * A worker is alive. Keys: beats, workers. Arguments: its id, what it says of itself, for how many
 * milliseconds its event loop was blocked. Returns the time of Redis, in ms.
 */
export const BEAT = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ':' .. ARGV[3])
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end
return now
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
 * Gives jobs back that a worker was given and never got to know of, since its connection broke. Keys: the
 * queue. Arguments: the worker, until when it may have got them (ms by its own clock), then the ids of
 * those that it runs. Returns the others that are missing although it runs them, and how many were given back.
 */
export const AUDIT = script(`
local queue, worker = KEYS[1], ARGV[1]
local runs, missing, given = {}, {}, 0
for i = 3, #ARGV do
  runs[ARGV[i]] = true
  if redis.call('EXISTS', queue .. ARGV[i]) == 0 then table.insert(missing, ARGV[i]) end
end
for _, id in ipairs(redis.call('LRANGE', queue .. 'active', 0, -1)) do
  local job = redis.call('HMGET', queue .. id, 'pb', 'processedOn')
  if job[1] == worker and not runs[id] and tonumber(job[2]) < tonumber(ARGV[2]) then
    redis.call('UNLINK', queue .. id .. ':lock')
    redis.call('LREM', queue .. 'active', 1, id)
    redis.call('RPUSH', queue .. 'wait', id)
    redis.call('ZADD', queue .. 'marker', 0, '0')
    redis.call('XADD', queue .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
    given = given + 1
  end
end
return { given, missing }
`);
