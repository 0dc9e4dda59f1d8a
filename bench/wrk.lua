-- What wrk found, in one line that is easy to read. Times in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('FOUND {"requests": %d, "bytes": %d, "took": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.bytes, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
