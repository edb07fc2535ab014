-- What changed in a partition since a commit, in one piece with the head.
-- KEYS  1 head  2 recent commits  3 index of panes      ARGV  1 the commit the reader knows  2 prefix of the panes' keys
-- Reply nil without a head; {commit, head} if nothing changed; {commit, head, 'whole', names of all panes} if the
--       reader's commit is not among the recent ones; else {commit, head, 'part', name, cells, name, cells, ...}
local commit, head = unpack(redis.call('HMGET', KEYS[1], 'commit', 'head'))
if not commit then
  return false
end
if commit == ARGV[1] then
  return {commit, head}
end

local changed, order, found = {}, {}, false
for _, note in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local words = string.gmatch(note, '%S+')
  if words() == ARGV[1] then
    found = true
    break
  end
  for name in words do
    if not changed[name] then
      changed[name] = true
      order[#order + 1] = name
    end
  end
end
if not found or changed['*'] then
  return {commit, head, 'whole', redis.call('ZRANGE', KEYS[3], 0, -1)}
end

local reply = {commit, head, 'part'}
for _, name in ipairs(order) do
  reply[#reply + 1] = name
  reply[#reply + 1] = redis.call('HGETALL', ARGV[2] .. name)
end
return reply
