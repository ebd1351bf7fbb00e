/**
 * The atomic operations of a worker in Redis. The scripts know the layout of jobs in BullMQ 6: a hash; a lock next to
 * it while a worker has the job; and its id in `wait`, `active`, `completed` or `failed`.
 */

import { commandsOf, script } from '../scripts.ts';

/**
 * Writes the outcomes of jobs and fetches the next ones, like BullMQ's `moveToFinished` for a single job, but without
 * the event `active`, with one check whether the queue is paused, and without the sets of ended jobs. Redis expires
 * results by its own clock, since those of workers may differ by hours.
 *
 * Key: the queue. Arguments: worker, for how many ms jobs are locked, how many events are kept; then for each job its
 * id, the token of its lock, `completed` or `failed`, its value or the reason of the failure, for how many ms that is
 * kept, and 1 to fetch another job. Returns for each 0 if it was left alone, 1, or the next job; returns nothing and
 * has no effect if the queue is paused or limited.
 */
export const FINISH = script(`
local queue, by, lock = KEYS[1], ARGV[1], ARGV[2]
local limits = redis.call('HMGET', queue .. 'meta', 'paused', 'concurrency', 'max')
if limits[1] or limits[2] or limits[3] then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function finish(id, token, state, value, kept)
  local key = queue .. id
  if redis.call('GET', key .. ':lock') ~= token then return false end
  if redis.call('LREM', queue .. 'active', -1, id) == 0 then return false end
  local field = state == 'failed' and 'failedReason' or 'returnvalue'
  redis.call('DEL', key .. ':lock')
  redis.call('HSET', key, field, value, 'finishedOn', now)
  redis.call('PEXPIRE', key, kept)
  if state == 'failed' or #value <= 4096 then
    redis.call('XADD', queue .. 'events', '*', 'event', state, 'jobId', id, field, value)
  else
    -- Without the value, which would be stored twice: the stream keeps many events for a while.
    redis.call('XADD', queue .. 'events', '*', 'event', state, 'jobId', id)
  end
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
for i = 4, #ARGV, 6 do
  local answer = finish(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]) and 1 or 0
  if answer == 1 and ARGV[i + 5] == '1' then answer = fetch(ARGV[i + 1]) end
  table.insert(answers, answer)
end
redis.call('XTRIM', queue .. 'events', 'MAXLEN', '~', ARGV[3])
if redis.call('EXISTS', queue .. 'wait') == 1 then redis.call('ZADD', queue .. 'marker', 0, '0') end
return answers
`);

/**
 * Moves a job that a worker cannot run to the end of the queue. Key: the queue. Arguments: its id, the token of its
 * lock. Returns the number of waiting jobs, or nothing if the job is not the worker's any more.
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

/**
 * Registers a worker, unless a live program shares none of its functions: of two that register at the same moment,
 * one is first. Keys: beats, workers. Arguments: its id, its information, the lease in ms, its functions. Returns the
 * information of the other program, or nothing.
 */
export const ENTER = script(`#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local own = {}
for i = 4, #ARGV do own[ARGV[i]] = true end
local function isStranger(info)
  for _, name in ipairs(cjson.decode(info).functions) do
    if own[name] then return false end
  end
  return true
end
local infos = redis.call('HGETALL', KEYS[2])
for i = 1, #infos, 2 do
  local beat = string.match(redis.call('HGET', KEYS[1], infos[i]) or '0', '%d+')
  local isAlive = math.abs(now - beat) < tonumber(ARGV[3])
  if isAlive and isStranger(infos[i + 1]) then return infos[i + 1] end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ':0')
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
`);

/**
 * Records a beat, even if Redis is out of memory. Keys: beats, workers. Arguments: the id of the worker, its
 * information, for how many milliseconds its event loop was blocked. Returns the time of Redis, in ms.
 */
export const BEAT = script(`#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ':' .. ARGV[3])
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end
return now
`);

/**
 * Gives back jobs that were assigned to a worker but never arrived, since its connection broke. A job unknown to the
 * worker may still be under way, so it is given back only if an earlier audit found it too. Key: the queue.
 * Arguments: the worker, the number of jobs found by that audit; these jobs; the ids of those that the worker has.
 * Returns the number of jobs given back, those that the worker has but Redis does not know, and those that the worker
 * does not know.
 */
export const AUDIT = script(`
local queue, worker, unknown = KEYS[1], ARGV[1], 2 + ARGV[2]
local before, runs, missing, now, given = {}, {}, {}, {}, 0
for i = 3, unknown do before[ARGV[i]] = true end
for i = unknown + 1, #ARGV do
  runs[ARGV[i]] = true
  if redis.call('EXISTS', queue .. ARGV[i]) == 0 then table.insert(missing, ARGV[i]) end
end
for _, id in ipairs(redis.call('LRANGE', queue .. 'active', 0, -1)) do
  local job = redis.call('HMGET', queue .. id, 'pb', 'processedOn')
  -- With the time, since the same worker may get the job again.
  local once = id .. ' ' .. (job[2] or '')
  local isLost = job[1] == worker and not runs[id]
  if isLost and not before[once] then table.insert(now, once) end
  if isLost and before[once] then
    redis.call('UNLINK', queue .. id .. ':lock')
    redis.call('LREM', queue .. 'active', 1, id)
    redis.call('RPUSH', queue .. 'wait', id)
    redis.call('ZADD', queue .. 'marker', 0, '0')
    redis.call('XADD', queue .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
    given = given + 1
  end
end
return { given, missing, now }
`);

/** All commands that a worker runs, in scripts and directly, including those of BullMQ. */
export const COMMANDS: readonly string[] = [
  ...new Set([
    ...commandsOf(FINISH, PASS_ON, ENTER, BEAT, AUDIT),
    ...['HDEL', 'HGET', 'HGETALL', 'TIME', 'XREAD', 'XREVRANGE'],
    ...[
      'BZPOPMIN',
      'HINCRBY',
      'HMSET',
      'INCR',
      'LLEN',
      'PEXPIRE',
      'PTTL',
      'SREM',
      'ZCARD',
      'ZPOPMIN',
    ],
    ...['ZRANGE', 'ZREMRANGEBYRANK', 'ZREVRANGEBYSCORE', 'ZSCORE'],
  ]),
];
