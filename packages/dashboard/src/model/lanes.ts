import { classOf, type LogMark, objectOfStream } from '../moment/log-mark.ts'
import type { Span } from '../moment/time-scale.ts'
import type { Tone } from './tone.ts'

/** A state of an object, from one event to the next; unknown where what is known of it begins later. */
type LanePart = {
  readonly tone: Tone | 'unknown'
  /** What began it; empty of what is unknown. */
  readonly state: string
  readonly position: string
  readonly fromMs: number
  readonly toMs: number
}

/** An object through time, under what it belongs to. */
export type Lane = {
  /** As links have it: `pods/default/web`. */
  readonly id: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly depth: number
  readonly parts: readonly LanePart[]
  readonly marks: readonly LogMark[]
  /** How many objects belong to it. */
  readonly count: number
}

/** What a lane belongs to, by what its name begins with: so controllers name what they make. */
const ownersOf: Readonly<Record<string, { owners: readonly string[]; ending: RegExp }>> = {
  pods: {
    owners: ['replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'],
    ending: /-([a-z0-9]{5}|\d+)$/,
  },
  'replicasets.apps': { owners: ['deployments.apps'], ending: /-[a-z0-9]{1,10}$/ },
  'jobs.batch': { owners: ['cronjobs.batch'], ending: /-\d+$/ },
}

const makers = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'cronjobs.batch']
const made = ['jobs.batch', 'replicasets.apps', 'pods', 'nodes']
/** Of these only what people wrote is told: each namespace has some that came by themselves. */
const written = ['services', 'ingresses.networking.k8s.io', 'configmaps', 'secrets']
/** Which kinds have lanes, in the order in which they stand. */
const kinds = [...makers, ...made, ...written]

type LanesQuery = { span: Span; nowMs: number; ns: string; open: ReadonlySet<string> }
type Own = Omit<Lane, 'depth' | 'count'>

/**
 * Who was in which state when, as far as these events tell: an object for each lane, those that belong to an open one
 * below it; a closed one tells the worst of what belongs to it.
 */
export function lanesOf(
  marks: readonly LogMark[],
  { span, nowMs, ns, open }: LanesQuery,
): readonly Lane[] {
  const byStream = Map.groupBy(marks, ({ stream }) => stream)
  const known = new Map<string, Own>()
  for (const [stream, own] of byStream) {
    const object = objectOfStream(stream)
    if (object === undefined || !kinds.includes(object.resource)) continue
    if (ns !== '' && object.namespace !== '' && object.namespace !== ns) continue
    if (written.includes(object.resource) && !own.some(isByPeople)) continue
    const id = idOf(object)
    known.set(id, { id, ...object, parts: partsOf(own, nowMs), marks: own })
  }
  const byOwner = Map.groupBy(known.values(), (lane) => ownerOf(lane, known))
  const lanes: Lane[] = []
  const add = (siblings: readonly Own[], depth: number) => {
    for (const lane of siblings.toSorted(inOrder)) {
      const belonging = byOwner.get(lane.id) ?? []
      const all = [lane, ...belongingTo(lane.id, byOwner)]
      if (!all.some((each) => isIn(each, span))) continue
      const isOpen = open.has(lane.id)
      const parts = isOpen || belonging.length === 0 ? lane.parts : worstOf(all)
      lanes.push({ ...lane, parts, depth, count: belonging.length })
      if (isOpen) add(belonging, depth + 1)
    }
  }
  add(byOwner.get('') ?? [], 0)
  return lanes
}

const isByPeople = (mark: LogMark): boolean => classOf(mark) === 'people'

const idOf = ({ resource, namespace, name }: Pick<Lane, 'resource' | 'namespace' | 'name'>) =>
  `${resource}/${namespace}/${name}`

const rank = ({ resource }: Own): number => kinds.indexOf(resource)

const inOrder = (a: Own, b: Own): number =>
  rank(a) - rank(b) || (a.parts[0]?.fromMs ?? 0) - (b.parts[0]?.fromMs ?? 0)

const isIn = ({ parts }: Own, { fromMs, toMs }: Span): boolean =>
  parts.some((part) => part.fromMs <= toMs && part.toMs >= fromMs)

function ownerOf(lane: Own, known: ReadonlyMap<string, Own>): string {
  const { owners = [], ending = /$^/ } = ownersOf[lane.resource] ?? {}
  if (!ending.test(lane.name)) return ''
  const name = lane.name.replace(ending, '')
  const found = owners.map((resource) => idOf({ ...lane, resource, name }))
  return found.find((id) => known.has(id)) ?? ''
}

const belongingTo = (id: string, byOwner: ReadonlyMap<string, readonly Own[]>): readonly Own[] =>
  (byOwner.get(id) ?? []).flatMap((each) => [each, ...belongingTo(each.id, byOwner)])

/** What an event says of its object's state; undefined where that stays as it was. */
function toneBy(type: string): Tone | 'over' | undefined {
  if (/^PodCreated$|^PodScheduled$/.test(type)) return 'warn'
  if (/BecameReady$|^PodStarted$|^Node(Created|Registered)$/.test(type)) return 'good'
  if (/Created$/.test(type)) return ''
  if (/BecameUnready$|DeletionRequested$/.test(type)) return 'warn'
  if (/^PodSucceeded$/.test(type)) return ''
  if (/^(PodFailed|PodEvicted|PodSchedulingFailed|NodeBecameUnreachable)$/.test(type)) return 'bad'
  return /Deleted$/.test(type) ? 'over' : undefined
}

/** The states that the events of one object tell, the oldest first. */
function partsOf(marks: readonly LogMark[], nowMs: number): readonly LanePart[] {
  const [first] = marks
  if (first === undefined) return []
  const parts: LanePart[] = []
  const isFromBegin = /(Created|Registered)$/.test(first.type)
  let state: Omit<LanePart, 'toMs'> | undefined = isFromBegin
    ? undefined
    : { tone: 'unknown', state: '', position: '', fromMs: Number.NEGATIVE_INFINITY }
  for (const { type, position, timeMs } of marks) {
    const tone = toneBy(type)
    if (tone === undefined) continue
    if (state) parts.push({ ...state, toMs: timeMs })
    state = tone === 'over' ? undefined : { tone, state: type, position, fromMs: timeMs }
  }
  if (state) parts.push({ ...state, toMs: nowMs })
  return parts
}

const weight = { bad: 4, warn: 3, unknown: 2, good: 1, '': 0 }

/** At each time the worst of some objects' states; nothing where none of them is there. */
function worstOf(lanes: readonly Own[]): readonly LanePart[] {
  const all = lanes.flatMap(({ parts }) => parts)
  const edges = [...new Set(all.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort(
    (a, b) => a - b,
  )
  const parts: LanePart[] = []
  for (const [index, fromMs] of edges.entries()) {
    const toMs = edges[index + 1]
    if (toMs === undefined) break
    const there = all.filter((part) => part.fromMs <= fromMs && part.toMs >= toMs)
    const [first, ...more] = there
    if (first === undefined) continue
    const worst = more.reduce((a, b) => (weight[b.tone] > weight[a.tone] ? b : a), first)
    const last = parts.at(-1)
    if (last?.toMs === fromMs && last.tone === worst.tone && last.state === worst.state) {
      parts[parts.length - 1] = { ...last, toMs }
    } else parts.push({ ...worst, fromMs, toMs })
  }
  return parts
}
