import { invalid, StatusError } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { Query } from '../requests/request-context.ts'

/** How long a read waits for this replica's view to catch up before it is refused. */
const waitMsMax = 3_000
/** How long the store may take to answer with its head before it counts as away. */
const headMsMax = 2_000

/** The largest position: the store counts in 63 bits. */
const versionMax = 2n ** 63n - 1n

/** Parses a version that a client names; refused if it is malformed or beyond any log. */
export function parseVersion(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) {
    const version = BigInt(text)
    if (version <= versionMax) return version
    throw expired(`resource version ${text} is of no log`)
  }
  throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    {
      reason: 'FieldValueInvalid',
      field: 'resourceVersion',
      message: `Invalid value: "${text}": it is not a decimal number`,
    },
  ])
}

/**
 * Waits until the view is as new as a read with this resourceVersion needs: without one, until it contains everything
 * recorded before; with 0 not at all; else until it has reached that version.
 */
export async function waitForVersion(ports: ApiPorts, { resourceVersion }: Query): Promise<void> {
  if (resourceVersion === '0') return
  if (resourceVersion) return reach(ports, parseVersion(resourceVersion))
  if (!(await ports.reader.waitForHead(waitMsMax))) throw tooLarge(ports, ports.reader.head)
}

async function reach(ports: ApiPorts, version: bigint): Promise<void> {
  if (version <= (ports.objects.position ?? 0n)) return
  const head = await headOf(ports)
  if (head !== undefined && version > head) {
    throw expired(`resource version ${version} is not of this log, whose newest is ${head}`)
  }
  if (!(await ports.reader.waitFor(version, waitMsMax))) throw tooLarge(ports, version)
}

/** The store's head; undefined while the store is away: then a version can be waited for but not judged. */
async function headOf(ports: ApiPorts): Promise<bigint | undefined> {
  const answered = new AbortController()
  const away = ports.clock.sleep(headMsMax, answered.signal).then(() => undefined)
  const head = ports.log.head().catch((error: unknown) => {
    if (error instanceof StatusError) return undefined
    throw error
  })
  return Promise.race([head, away]).finally(() => answered.abort())
}

/** 410: the version is forgotten, or is not one of this log. */
export const expired = (message: string): StatusError => new StatusError('Expired', message)

function tooLarge({ objects }: ApiPorts, version: bigint | undefined): StatusError {
  const message = `Too large resource version: ${version ?? 'newest'}, current: ${objects.position ?? 0n}`
  return new StatusError('Timeout', message, {
    retryAfterSeconds: 1,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
  })
}
