-- One link of a partition's chain: applied whole if the head is the predecessor, else refused.
-- KEYS  1 head (hash)  2 recent commits (list)  3 journal (stream)  4 index of panes (sorted set)  5.. panes (hashes)
-- ARGV  1 predecessor  2 this commit's id  3 the new head  then writes: command, key's number, count, that many arguments
-- Reply 'applied', or the id of the commit that is the head instead.
-- Nothing is computed here: every write is an absolute value that Python worked out.
local stored = redis.call('HGET', KEYS[1], 'commit') or ''
if stored == ARGV[2] then
  return 'applied'
end
if stored ~= ARGV[1] then
  return {stored}
end

-- A script is not rolled back, so everything that could fail half way is checked first.
local kinds = {'hash', 'list', 'stream', 'zset'}
for number, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'none' and kind ~= (kinds[number] or 'hash') then
    return redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. kind .. ', which is not ours')
  end
end

-- Nothing is written for nothing: a full Redis refuses a script only at its first write, and not if that is a DEL.
if stored == '' and redis.call('EXISTS', KEYS[2], KEYS[3], KEYS[4]) > 0 then
  -- A chain begins. Of one whose head was lost nothing may be left, or it would count twice.
  local ours = string.sub(KEYS[4], 1, -string.len('panes') - 1) .. 'pane:'
  for _, name in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
    redis.call('DEL', ours .. name)
  end
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
end
for number = 5, #KEYS do
  -- Nor may a pane be left that the index has forgotten.
  local name = string.match(KEYS[number], ':pane:(%d+:%-?%d+)$')
  if not redis.call('ZSCORE', KEYS[4], name) and redis.call('EXISTS', KEYS[number]) == 1 then
    redis.call('DEL', KEYS[number])
  end
end

local at = 4
while at <= #ARGV do
  local count = tonumber(ARGV[at + 2])
  local arguments = {}
  for offset = 1, count do
    arguments[offset] = ARGV[at + 2 + offset]
  end
  redis.call(ARGV[at], KEYS[tonumber(ARGV[at + 1])], unpack(arguments))
  at = at + 3 + count
end
redis.call('HSET', KEYS[1], 'commit', ARGV[2], 'head', ARGV[3])
return 'applied'
