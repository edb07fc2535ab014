-- Replace the published windows, unless those that are there are newer.
-- KEYS  1 windows (hash)      ARGV  1 now in ms  2.. names and values      Reply 1 if replaced
local published = tonumber(redis.call('HGET', KEYS[1], 'now_ms') or '0')
if published >= tonumber(ARGV[1]) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'now_ms', ARGV[1])
for at = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
end
return 1
