-- Append events to their session's log and tell the channel, each once for its event_id: all of them or none.
-- ARGV: 1 identity  2 fresh epoch  3 channel  4 PUBLISH or SPUBLISH  5 most events  6 most bytes  7 seconds of life
--       8 remembered ids, then for each event: event_id, block
-- Returns {cursor, 1 when it was there already else 0, cursor, ...}.
local ENTRY_BYTES = 64 -- what a stream entry costs beside its block, about
local HEAD = 8
local most_events, most_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local life, remember = tonumber(ARGV[7]), tonumber(ARGV[8])
local now = milliseconds()
local session, renewed = live_session(ARGV[1], ARGV[2])

local function append(block)
  session.top = session.top + 1
  local number = string.format('%.0f', session.top)
  local cursor = session.epoch .. '.' .. number
  if not redis.call('XADD', KEYS[1], 'NOMKSTREAM', number .. '-0', 'e', session.epoch, 'b', block) then
    redis.call('XADD', KEYS[1], number .. '-0', 'e', session.epoch, 'b', block)
    session.bytes, renewed = 0, true
  end
  session.bytes = session.bytes + #block + ENTRY_BYTES
  return cursor
end

local function trim()
  local length = redis.call('XLEN', KEYS[1])
  while length > 1 and (length > most_events or session.bytes > most_bytes) do
    -- Sixteen at a time: trimming is then rare, and a chunk of the largest events still fits in memory.
    local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', math.min(16, length - 1))
    for _, entry in ipairs(oldest) do session.bytes = session.bytes - #entry[2][4] - ENTRY_BYTES end
    length = length - #oldest
    local first = tonumber(string.match(oldest[#oldest][1], '^%d+')) + 1
    redis.call('XTRIM', KEYS[1], 'MINID', '=', string.format('%.0f-0', first))
  end
end

-- Two generations of ids, so that the newest are always remembered and the oldest cost nothing to forget.
local function remember_id(event_id, cursor)
  redis.call('HSET', KEYS[3], event_id, cursor)
  local count = redis.call('HLEN', KEYS[3])
  if count == 1 then renewed = true end
  if count >= remember then redis.call('RENAME', KEYS[3], KEYS[4]) end
end

local answer, appended = {}, false
for position = HEAD + 1, #ARGV, 2 do
  local event_id, block = ARGV[position], ARGV[position + 1]
  local known = redis.call('HGET', KEYS[3], event_id) or redis.call('HGET', KEYS[4], event_id)
  local cursor = known or append(block)
  if not known then
    appended = true
    remember_id(event_id, cursor)
    redis.call(ARGV[4], ARGV[3], '1 ' .. cursor .. '\n' .. block)
  end
  answer[#answer + 1], answer[#answer + 2] = cursor, known and 1 or 0
end
if appended then
  trim()
  redis.call('HSET', KEYS[2], 's', string.format('%.0f', session.top), 'z', session.bytes, 'a', now)
end
extend_lives(session, now, life, renewed)
return answer
