/** RFC 3339 has years of four digits; other moments are clamped. */
const msMin = Date.parse('0001-01-01T00:00:00Z')
const msMax = Date.parse('9999-12-31T23:59:59Z')

/** Formats milliseconds since the Unix epoch as Kubernetes writes times: RFC 3339 in whole seconds. */
export const secondsOf = (ms: number): string =>
  `${new Date(Math.min(Math.max(ms, msMin), msMax)).toISOString().slice(0, 19)}Z`
