-- Requests for wrk: the same each time, or each with a comment of its own. Arguments: the target of the request; the
-- first number of a comment, or "repeated". The last line that is printed says what came back, as JSON.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local target = arguments[1]
  wrong, wrongs = "", 0
  wrk.path = target
  if arguments[2] == "repeated" then
    return
  end
  local number = tonumber(arguments[2])
  local before, behind = wrk.format(nil, target .. "%0A%23@"):match("^(.-)@(.*)$")
  request = function()  -- where there is none, wrk sends the same bytes each time
    number = number + 1
    return string.format("%s%d%s", before, number, behind)
  end
end

function response(status, _, body)
  if status ~= 200 then
    wrongs = wrongs + 1
    if wrong == "" then
      wrong = status .. " " .. body:sub(1, 200):gsub("[^%w ]", ".")
    end
  end
end

function done(summary, latency)
  local failed = summary.errors
  local lost = failed.connect + failed.read + failed.write + failed.timeout
  local wrongs, wrong = threads[1]:get("wrongs"), threads[1]:get("wrong")
  if lost > 0 and wrong == "" then
    wrong = string.format("connections: %d connect, %d read, %d write, %d late",
      failed.connect, failed.read, failed.write, failed.timeout)
  end
  print(string.format(
    '{"answers": %d, "errors": %d, "error": "%s", "seconds": %.6f, "median": %.9f, "p99": %.9f}',
    summary.requests, wrongs + lost, wrong, summary.duration / 1e6, latency:percentile(50) / 1e6,
    latency:percentile(99) / 1e6))
end
