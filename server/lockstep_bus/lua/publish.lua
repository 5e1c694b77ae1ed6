-- Append one event to its session's log and tell the channel, once for every event_id.
-- ARGV: 1 event_id  2 block  3 identity  4 fresh epoch  5 channel  6 PUBLISH or SPUBLISH
--       7 most events  8 most bytes  9 seconds of life  10 remembered ids
-- Returns {cursor, 1 when it was there already else 0}.
local ENTRY_BYTES = 64 -- what a stream entry costs beside its block, about
local block, now, life = ARGV[2], milliseconds(), tonumber(ARGV[9])
local session, changed = live_session(ARGV[3], ARGV[4])
local known = redis.call('HGET', KEYS[3], ARGV[1]) or redis.call('HGET', KEYS[4], ARGV[1])
if known then return {known, 1} end

local offset = session.top + 1
local number = string.format('%.0f', offset)
local cursor = session.epoch .. '.' .. number
local created = false
if not redis.call('XADD', KEYS[1], 'NOMKSTREAM', number .. '-0', 'e', session.epoch, 'b', block) then
  redis.call('XADD', KEYS[1], number .. '-0', 'e', session.epoch, 'b', block)
  session.bytes, created = 0, true
end

local most_events, most_bytes = tonumber(ARGV[7]), tonumber(ARGV[8])
local bytes, length = session.bytes + #block + ENTRY_BYTES, redis.call('XLEN', KEYS[1])
while length > 1 and (length > most_events or bytes > most_bytes) do
  -- Sixteen at a time: trimming is then rare, and a chunk of the largest events still fits in memory.
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', math.min(16, length - 1))
  for _, entry in ipairs(oldest) do bytes = bytes - #entry[2][4] - ENTRY_BYTES end
  length = length - #oldest
  local first = tonumber(string.match(oldest[#oldest][1], '^%d+')) + 1
  redis.call('XTRIM', KEYS[1], 'MINID', '=', string.format('%.0f-0', first))
end

redis.call('HSET', KEYS[3], ARGV[1], cursor)
local remembered = redis.call('HLEN', KEYS[3])
if remembered >= tonumber(ARGV[10]) then redis.call('RENAME', KEYS[3], KEYS[4]) end
redis.call('HSET', KEYS[2], 's', number, 'z', bytes, 'a', now)
extend_lives(session, now, life, changed or created or remembered == 1)
redis.call(ARGV[6], ARGV[5], '1 ' .. cursor .. '\n' .. block)
return {cursor, 0}
