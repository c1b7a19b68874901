/** The limits in a stream's metadata, as EventStoreDB reads `$maxCount`, `$maxAge` (seconds) and `$tb`. */
export interface StreamLimits {
  readonly maxCount?: number
  readonly maxAgeMs?: number
  readonly truncateBefore?: number
}

/** The `$metadata` that a soft delete writes: everything before the largest revision is truncated. */
export const softDeleteMetadata = '{"$tb":9223372036854775807}'

/**
 * The limits in the data of a `$metadata` event. As in EventStoreDB, metadata that is no JSON
 * object, and limits that make no sense, limit nothing.
 */
export function parseLimits(data: Uint8Array | undefined): StreamLimits {
  if (data === undefined) return {}
  const metadata = parseObject(data) ?? {}
  const { $maxCount: maxCount, $maxAge: maxAge, $tb: truncateBefore } = metadata
  return {
    ...(isPositive(maxCount) ? { maxCount } : {}),
    ...(isPositive(maxAge) ? { maxAgeMs: maxAge * 1000 } : {}),
    ...(isPositive(truncateBefore) ? { truncateBefore } : {}),
  }
}

/** The same metadata with everything before `revision` truncated: how a soft delete is undone. */
export function withTruncateBefore(data: Uint8Array | undefined, revision: number): string {
  return JSON.stringify({ ...(data && parseObject(data)), $tb: revision })
}

/** JSON rounds the largest revision, so whatever is above the safe integers is a soft delete. */
export function isSoftDeleted(limits: StreamLimits): boolean {
  return (limits.truncateBefore ?? 0) > Number.MAX_SAFE_INTEGER
}

/** The first revision that a reader may see, age aside. */
export function firstVisible(limits: StreamLimits, lastRevision: number): number {
  return Math.max(0, limits.truncateBefore ?? 0, firstByCount(limits, lastRevision))
}

/**
 * The first revision that must stay in the file, age aside. A soft delete can be undone, and a stream's last event
 * holds its revision: limits remove neither.
 */
export function firstRetained(limits: StreamLimits, lastRevision: number): number {
  const truncateBefore = isSoftDeleted(limits) ? 0 : (limits.truncateBefore ?? 0)
  return Math.min(lastRevision, Math.max(0, truncateBefore, firstByCount(limits, lastRevision)))
}

function firstByCount(limits: StreamLimits, lastRevision: number): number {
  return limits.maxCount === undefined ? 0 : lastRevision - limits.maxCount + 1
}

function parseObject(data: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isPositive(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0
}
