-- Shared head of every script: what a session is on the server, and how its epoch changes.
-- KEYS: 1 log (stream)  2 meta (hash)  3 ids (hash)  4 former ids (hash)
-- meta: e epoch, b offset at which it began, s newest offset, i identity of the server that wrote it,
--       h former epochs as "epoch:end epoch:end ...", newest first, z bytes in the log, a time of the last event,
--       x time when the keys' lives were last extended, d = 1 when this life began with a deletion
local FORMER_EPOCHS = 16

local function milliseconds()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function read_session()
  local m = redis.call('HMGET', KEYS[2], 'e', 's', 'b', 'i', 'h', 'z', 'x', 'd')
  if not m[1] then return nil end
  return {epoch = m[1], top = tonumber(m[2]), base = tonumber(m[3]), identity = m[4], former = m[5] or '',
          bytes = tonumber(m[6]) or 0, extended = tonumber(m[7]) or 0, deleted = m[8] == '1'}
end

-- The session in a state that may be continued on this server: an epoch begins when there is no metadata, and when the
-- server is not the one that wrote it last (restarted, promoted): it may have come back without events that were seen.
local function live_session(identity, fresh_epoch)
  local session = read_session()
  if not session then
    redis.call('DEL', KEYS[1], KEYS[3], KEYS[4]) -- of a life whose cursors nobody can judge any more
    session = {epoch = fresh_epoch, top = 0, base = 0, former = '', bytes = 0, extended = 0, deleted = false}
  elseif session.identity ~= identity then
    local former, kept = session.epoch .. ':' .. string.format('%.0f', session.top), 1
    for known in string.gmatch(session.former, '%S+') do
      if kept < FORMER_EPOCHS then former = former .. ' ' .. known; kept = kept + 1 end
    end
    session.former, session.epoch, session.base = former, fresh_epoch, session.top
  else
    return session, false
  end
  session.identity = identity
  redis.call('HSET', KEYS[2], 'e', session.epoch, 's', session.top, 'b', session.base, 'i', identity,
             'h', session.former)
  return session, true
end

-- Metadata lives four times as long as the log, so that an old cursor is still told from an unknown one.
local function extend_lives(session, now, seconds, always)
  if not always and now - session.extended < seconds * 125 then return end -- an eighth of the life has passed
  local life = math.ceil(seconds * 1.125)
  redis.call('EXPIRE', KEYS[1], life)
  redis.call('EXPIRE', KEYS[2], life * 4)
  redis.call('EXPIRE', KEYS[3], life)
  redis.call('HSET', KEYS[2], 'x', now)
end
