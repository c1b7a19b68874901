/** RFC 3339 has years of four digits; other moments are clamped. */
const msMin = Date.parse('0001-01-01T00:00:00Z')
const msMax = Date.parse('9999-12-31T23:59:59Z')

/** The second that was formatted last: thousands of writes fall into one. */
const last = { second: Number.NaN, text: '' }

/** Formats milliseconds since the Unix epoch as Kubernetes writes times: RFC 3339 in whole seconds. */
export function secondsOf(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second === last.second) return last.text
  const text = `${new Date(Math.min(Math.max(ms, msMin), msMax)).toISOString().slice(0, 19)}Z`
  Object.assign(last, { second, text })
  return text
}
