import { Objects, refOf } from '@reckon/domain'
import { pods, priorityClasses, type Resource, ResourceTable, resourceId } from '@reckon/kubernetes'
import { type Policies, policiesOf } from '../policy/policies.ts'
import { RecordedPolicies } from '../policy/recorded-policies.ts'
import { isPastIn, isReachedBy, type Span } from '../replaying/moment.ts'
import { PendingDecisions } from '../replaying/pending-decisions.ts'
import {
  type RecordedDecision,
  type RecordedEvent,
  recordedDecision,
} from '../replaying/recorded-decision.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { fedResources, feed } from '../state/feed.ts'
import { suppose } from './suppose.ts'
import { SupposedCluster } from './supposed-cluster.ts'
import type { Supposition } from './supposition.ts'
import { reportOf, type WhatIfReport } from './what-if-report.ts'
import { workloadResources } from './workloads.ts'

/**
 * `from`: where the assumptions begin; absent: at the end of the log, so that only pods that are pending then are
 * scheduled. Events after `to` are left out.
 */
type Options = Span & { readonly suppositions: readonly Supposition[] }

/** How many events are read ahead, because a decision is recorded some time after the state that it saw. */
const aheadMax = 10_000

/**
 * The same history under other assumptions. The events of users, nodes and pods remain as they were; the scheduler's
 * decisions are made again, each at the moment of the recorded one, or when something happens that may help. Pure.
 */
export class WhatIf {
  readonly #options: Options
  readonly #objects = new Objects(undefined, new ResourceTable(followed))
  readonly #policies = new RecordedPolicies()
  readonly #before = new ClusterState()
  readonly #supposed = new SupposedCluster(
    (namespace, name) => this.#objects.get(pods, namespace, name)?.object,
  )
  readonly #pending = new PendingDecisions()
  readonly #ahead: RecordedEvent[] = []
  readonly #removed: string[] = []
  readonly #notes: string[] = []
  #supposedPolicies: Policies | undefined
  #begun = false
  #isOver = false

  constructor(options: Options) {
    this.#options = options
    this.#objects.subscribe((change) => {
      feed(this.#before, change)
      this.#supposed.follow(change)
    })
  }

  /** The next event of the log. */
  add(event: RecordedEvent): void {
    const { from, to } = this.#options
    this.#isOver ||= to !== undefined && isPastIn(event, to)
    if (this.#isOver) return
    const recorded = recordedDecision(event)
    if (recorded && from !== undefined && isReachedBy(event, from)) this.#pending.add(recorded)
    this.#ahead.push(event)
    if (this.#ahead.length >= 2 * aheadMax) this.#foldFirst(aheadMax)
  }

  /** To be called when there are no more events. */
  end(): WhatIfReport {
    this.#foldFirst(this.#ahead.length)
    if (!this.#begun) this.#begin()
    this.#decideAll()
    return reportOf({
      judged: this.#supposed.judged.values(),
      before: this.#before,
      after: this.#supposed.cluster,
      removed: [...this.#removed, ...this.#supposed.drivenAway],
      notes: this.#notes,
    })
  }

  get #current(): Policies {
    return this.#supposedPolicies ?? this.#policies.current
  }

  #foldFirst(count: number): void {
    const { from } = this.#options
    for (const event of this.#ahead.splice(0, count)) {
      if (!this.#begun && from !== undefined && isReachedBy(event, from)) this.#begin()
      if (this.#begun) this.#decideBefore(event.position)
      this.#policies.apply(event)
      if (isFollowed(event.stream)) this.#objects.apply(event)
    }
  }

  #begin(): void {
    this.#begun = true
    const standing = this.#objects.list(pods).map(({ object }) => object)
    this.#supposed.begin(standing)
    for (const supposition of this.#options.suppositions) {
      if (supposition.suppose === 'Configured')
        this.#supposedPolicies = policiesOf(supposition.configuration)
      const { removed, note } = suppose(supposition, {
        objects: this.#objects,
        supposed: this.#supposed,
      })
      this.#removed.push(...removed)
      if (note) this.#notes.push(note)
    }
    // With more room or other rules, pending pods need not wait for the next recorded attempt.
    if (this.#options.from !== undefined) this.#decideAll()
  }

  /** Repeats until there is no preemption any more; this ends, because only pods of lower priority are preempted. */
  #decideAll(): void {
    do this.#supposed.decideAll(this.#supposed.waiting, this.#current)
    while (this.#supposed.isHelped)
  }

  #decideBefore(position: bigint): void {
    for (const recorded of this.#pending.takeBefore(position)) this.#decide(recorded)
    const { late } = this.#supposed
    if (!this.#supposed.isHelped || late.size === 0) return
    this.#supposed.decideAll(late, this.#current)
    for (const uid of late) if (this.#supposed.judged.get(uid)?.supposed) late.delete(uid)
  }

  #decide({ event, nodeName }: RecordedDecision): void {
    const ref = refOf(event.stream)
    const pod = ref && this.#objects.get(pods, ref.namespace, ref.name)?.object
    const uid = pod?.metadata.uid ?? ''
    const isPlaced = this.#supposed.decide(uid, this.#current)
    if (nodeName === undefined || isPlaced) return
    if (!this.#supposed.judged.get(uid)?.supposed) this.#supposed.late.add(uid)
  }
}

/** The kinds that placements depend on, and those that create pods. */
const followed: readonly Resource[] = [
  ...new Set([...fedResources, ...workloadResources, priorityClasses]),
]
const followedIds = new Set(followed.map(resourceId))

const isFollowed = (stream: string): boolean => followedIds.has(refOf(stream)?.resourceId ?? '')
