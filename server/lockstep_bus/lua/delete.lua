-- Forget a session: its events go, a new life begins, and whoever listens is told that the log has changed.
-- ARGV: 1 identity  2 fresh epoch  3 channel  4 PUBLISH or SPUBLISH  5 seconds of life
-- Returns 1 when there was something to forget, else 0.
local session = read_session()
if not session or session.top == 0 then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('HSET', KEYS[2], 'e', ARGV[2], 's', 0, 'b', 0, 'i', ARGV[1], 'h', '', 'd', 1)
redis.call('EXPIRE', KEYS[2], math.ceil(tonumber(ARGV[5])))
redis.call(ARGV[4], ARGV[3], '1 ' .. ARGV[2] .. '.0\n')
return 1
