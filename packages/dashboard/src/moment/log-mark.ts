/** An event of the log, as far as a time bar shows it. */
export type LogMark = {
  /** Decimal. */
  readonly position: string
  readonly timeMs: number
  readonly stream: string
  readonly type: string
  readonly user: string
  readonly verb: string
}

/** An event as the history's end tells it. */
type LoggedEvent = {
  position: string
  stream: string
  type: string
  metadata?: { time?: string; verb?: string; actor?: { user?: string } }
}

/** The mark of a line of the log; undefined of what tells no time of its own. */
export function markOf({ position, stream, type, metadata }: LoggedEvent): LogMark | undefined {
  const timeMs = Date.parse(metadata?.time ?? '')
  if (Number.isNaN(timeMs)) return undefined
  const { verb = '', actor } = metadata ?? {}
  return { position, timeMs, stream, type, user: actor?.user ?? '', verb }
}

export const classes = ['people', 'controllers', 'nodes', 'trouble'] as const

/** Who changed something, or that it is trouble, whoever told it. */
export type MarkClass = (typeof classes)[number]

/** As the log's own density has it. */
const trouble =
  /^(PodFailed|PodContainerRestarted|PodSchedulingFailed|PodPreempted|PodEvicted|NodeBecameUnready|NodeBecameUnreachable|CertificateSigningRequestFailed)$/

export function classOf({ type, user }: Pick<LogMark, 'type' | 'user'>): MarkClass {
  if (trouble.test(type)) return 'trouble'
  if (user.startsWith('system:node:')) return 'nodes'
  return user.startsWith('system:') ? 'controllers' : 'people'
}

/** What a stream's objects are called: `pods`, `deployments.apps`. */
export const resourceOfStream = (stream: string): string =>
  (stream.split('-', 1)[0] ?? '').replaceAll('_', '-')

/** The object of a stream; undefined of one that is no object's. */
export function objectOfStream(
  stream: string,
): { resource: string; namespace: string; name: string } | undefined {
  const [, resource, namespace, name] = /^([a-z][a-z0-9._]*)-([^/]*)\/(.+)$/.exec(stream) ?? []
  if (resource === undefined || namespace === undefined || name === undefined) return undefined
  return { resource: resourceOfStream(stream), namespace, name }
}

/** Whether the one position is later than the other. */
export const isLater = (a: string, b: string): boolean =>
  a.length === b.length ? a > b : a.length > b.length

/** Of two moments by their positions the earlier and the later; undefined is the present. */
export function inOrder(
  one: string | undefined,
  other: string | undefined,
): [earlier: string | undefined, later: string | undefined] {
  const isOneLater = one === undefined || (other !== undefined && isLater(one, other))
  return isOneLater ? [other, one] : [one, other]
}

/** Whether a stream is the one of this object. */
export function streamIs(
  stream: string,
  { resource, namespace, name }: { resource: string; namespace: string; name: string },
): boolean {
  const found = objectOfStream(stream)
  return found?.name === name && found.namespace === namespace && found.resource === resource
}
