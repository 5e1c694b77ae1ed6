-- Judge a cursor and read what follows it, in one moment of the log.
-- ARGV: 1 epoch of the cursor ('' for none)  2 its offset  3 'earliest' or 'now' without a cursor
--       4 most events  5 bytes after which the page ends
--       6 identity ('' to change nothing)  7 fresh epoch  8 seconds of life
-- Returns nil for an unknown session, else {reason of a gap or '', cursor before the page, epoch, newest offset,
-- earliest cursor or '', offset, epoch, block, offset, epoch, block, ...}.
local session
if ARGV[6] ~= '' then
  local changed
  session, changed = live_session(ARGV[6], ARGV[7])
  extend_lives(session, milliseconds(), tonumber(ARGV[8]), changed)
else
  session = read_session()
  if not session then return nil end
end

local function end_of(epoch)
  if epoch == session.epoch then return session.top end
  for name, last in string.gmatch(session.former, '(%w+):(%d+)') do
    if name == epoch then return tonumber(last) end
  end
end

local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local earliest, before = '', session.top
if head then
  local first = string.match(head[1], '^%d+')
  earliest, before = head[2][2] .. '.' .. first, first - 1
end

local reason, epoch, after = '', ARGV[1], tonumber(ARGV[2])
if epoch == '' then
  epoch, after = session.epoch, (ARGV[3] == 'now') and session.top or before
else
  local last = end_of(epoch)
  if not last then
    reason = session.deleted and 'session_deleted' or 'epoch_unknown'
    epoch, after = session.epoch, before
  elseif after > last then
    reason = 'log_rolled_back'
    epoch, after = session.epoch, math.max(last, before) -- the part that both lives share was seen already
  elseif after < before then
    reason = 'trimmed'
    epoch, after = session.epoch, before
  end
end

local answer = {reason, epoch .. '.' .. string.format('%.0f', after), session.epoch,
                string.format('%.0f', session.top), earliest}
local most, bytes, next_offset = tonumber(ARGV[4]), 0, after + 1
while most > 0 and bytes < tonumber(ARGV[5]) and next_offset <= session.top do
  local entries = redis.call('XRANGE', KEYS[1], string.format('%.0f-0', next_offset), '+', 'COUNT', math.min(16, most))
  if #entries == 0 then break end
  for _, entry in ipairs(entries) do
    local number = string.match(entry[1], '^%d+')
    answer[#answer + 1], answer[#answer + 2], answer[#answer + 3] = number, entry[2][2], entry[2][4]
    bytes, next_offset = bytes + #entry[2][4], number + 1
  end
  most = most - #entries
end
return answer
