import {
  amountsOf,
  fnv1a32,
  isDeepEqual,
  type Node,
  type Pod,
  type PodDisruptionBudget,
  type Selector,
  type Service,
} from '@reckon/kubernetes'
import { ChangeLog } from './change-log.ts'
import { DefaultSelectors, type Grouping, groupingKey } from './default-selectors.ts'
import { DisruptionBudgets, whatBudgetsSay } from './disruption-budgets.ts'
import type { EqualPods } from './equal-pods.ts'
import type { HeldTerm } from './held-terms.ts'
import { NodeImages } from './images.ts'
import { type LabelColumn, LabelColumns } from './label-columns.ts'
import { Namespaces } from './namespaces.ts'
import { NodeSlots } from './node-slots.ts'
import { Nominations } from './nominations.ts'
import { type PlacedPod, placedAt } from './placed-pod.ts'
import type { PodCounter } from './pod-counter.ts'
import { PodSorts } from './pod-sorts.ts'
import { haveSameParts, type PodTraits } from './pod-traits.ts'
import { PodsOnNodes } from './pods-on-nodes.ts'
import { ResourceColumns } from './resource-columns.ts'
import { StateHash } from './state-hash.ts'
import { Storage } from './storage.ts'
import { whatMatters } from './what-matters.ts'

/**
 * The nodes and the load of their pods, updated change by change. A pod counts once, by its uid, whether it is bound or
 * only assumed to be; pods of a node that is not known yet count as soon as it is.
 */
export class ClusterState {
  readonly slots = new NodeSlots()
  readonly resources = new ResourceColumns(this.slots.capacity)
  readonly namespaces = new Namespaces()
  readonly selectors = new DefaultSelectors()
  readonly images = new NodeImages()
  readonly budgets = new DisruptionBudgets()
  readonly pods = new PodsOnNodes()
  readonly nominations = new Nominations({
    put: (pod, slot) => this.#put(placedAt(slot, pod, this.#sorts.of(pod))),
    take: (placed) => this.#take(placed),
    isPlaced: (uid) => this.#placed.has(uid),
  })
  /** Slots whose Node object changed in a part that placements depend on. */
  readonly nodeChanges = new ChangeLog(12)
  /** Slots on which anything changed. */
  readonly loadChanges = new ChangeLog(14)
  /** The number of pods on each slot. */
  podCounts = new Int32Array(this.slots.capacity)
  readonly #labels = new LabelColumns()
  readonly #nodes: (Node | undefined)[] = []
  readonly #placed = new Map<string, PlacedPod>()
  readonly #sorts = new PodSorts(this.namespaces)
  readonly #hash = new StateHash()
  readonly storage = new Storage(this.#hash)
  #shape = 0

  /** Changes whenever something changes that placements may depend on, besides nodes and counts of pods. */
  get shape(): number {
    return this.#shape + this.#sorts.termCount + this.storage.changes
  }

  /** A hash of everything that placements depend on. */
  get hash(): string {
    return this.#hash.toString()
  }

  /** Increases when all counters become invalid. */
  get epoch(): number {
    return this.#sorts.epoch
  }

  get nodeCount(): number {
    return this.slots.count
  }

  /** Undefined for a slot of a node that is not known, though pods name it. */
  nodeAt(slot: number): Node | undefined {
    return this.#nodes[slot]
  }

  /** The affinity terms of placed pods that may match such a pod. */
  termsAgainst(traits: PodTraits): readonly HeldTerm[] {
    return this.#sorts.termsAgainst(traits)
  }

  /** The counter with this name, of the pods that match; all of them match `selector`, if one is given. */
  counter(name: string, matches: (traits: PodTraits) => boolean, selector?: Selector): PodCounter {
    return this.#sorts.counter(name, matches, selector)
  }

  /** The number of pods with a lower priority on each node. */
  podsBelow(priority: number): PodCounter {
    return this.counter(`below ${priority}`, (traits) => traits.priority < priority)
  }

  labelColumn(key: string): LabelColumn {
    return this.#labels.of(key, { capacity: this.slots.capacity, nodes: this.#nodes })
  }

  /** What the placement of such a pod depends on, besides nodes and counts of pods. */
  contextOf(traits: PodTraits): string {
    return JSON.stringify([
      this.termsAgainst(traits).map(({ id }) => id),
      this.imagesContext(traits.nodeWants.images),
      this.storage.contextOf(traits.nodeWants.claims),
      traits.spread.length === 0 && this.selectors.of(traits),
      this.#labels.uniqueness,
    ])
  }

  /** Which nodes have which of these images; empty where no node has any of them. */
  imagesContext(images: readonly string[]): string {
    if (this.images.isEmpty) return ''
    const states = images.map((image) => this.images.stateOf(image))
    const isKnown = states.some((state) => state !== undefined)
    return isKnown ? JSON.stringify([this.nodeCount, states]) : ''
  }

  /** The pods with the same traits as this one. */
  equalPods(pod: Pod): EqualPods {
    return this.#sorts.of(pod)
  }

  /** Whether a node has enough resources left for such a pod; true also where the node is unknown, or nominated for a pod. */
  hasRoom({ loadWants: { requests } }: PodTraits, nodeName: string): boolean {
    const slot = this.slots.find(nodeName)
    if (slot === undefined || this.nominations.at(slot).length > 0) return true
    return this.resources.hasRoom(slot, requests)
  }

  setNode(node: Node): void {
    const { name } = node.metadata
    const slot = this.#slotOf(name)
    const before = this.#nodes[slot]
    this.#nodes[slot] = node
    if (before === undefined) {
      this.slots.list(slot)
      if (!this.images.isEmpty) this.#shape += 1
    } else if (before === node || isDeepEqual(whatMatters(before), whatMatters(node))) return
    this.resources.setAllocatable(
      slot,
      amountsOf(node.status?.allocatable ?? node.status?.capacity),
    )
    this.#nodeChanged(slot, node)
  }

  removeNode(name: string): void {
    const slot = this.slots.find(name)
    if (slot === undefined || this.#nodes[slot] === undefined) return
    this.#nodes[slot] = undefined
    this.slots.unlist(slot)
    if (!this.images.isEmpty) this.#shape += 1
    this.resources.setAllocatable(slot, {})
    this.#nodeChanged(slot, undefined)
    this.#releaseUnused(slot)
  }

  /** `labels` is absent for a namespace that is gone. */
  setNamespace(name: string, labels?: Readonly<Record<string, string>>): void {
    this.#hash.set(`namespace ${name}`, labels)
    if (this.namespaces.set(name, labels)) this.#sorts.forget()
  }

  setService(service: Service): void {
    if (!this.selectors.setService(service)) return
    const { namespace, name } = service.metadata
    this.#hash.set(`service ${namespace}/${name}`, service.spec.selector ?? {})
    this.#shape += 1
  }

  removeService(namespace: string, name: string): void {
    if (!this.selectors.removeService(namespace, name)) return
    this.#hash.set(`service ${namespace}/${name}`, undefined)
    this.#shape += 1
  }

  setBudget(budget: PodDisruptionBudget): void {
    this.budgets.set(budget)
    const { namespace, name } = budget.metadata
    this.#hash.set(`budget ${namespace}/${name}`, whatBudgetsSay(budget))
  }

  removeBudget(namespace: string, name: string): void {
    this.budgets.remove(namespace, name)
    this.#hash.set(`budget ${namespace}/${name}`, undefined)
  }

  setGrouping(set: Grouping): void {
    if (!this.selectors.setGrouping(set)) return
    const { namespace = '', name } = set.metadata
    this.#hash.set(groupingKey(set.kind, namespace, name), set.selector)
    this.#shape += 1
  }

  removeGrouping(kind: string, namespace: string, name: string): void {
    if (!this.selectors.removeGrouping(kind, namespace, name)) return
    this.#hash.set(groupingKey(kind, namespace, name), undefined)
    this.#shape += 1
  }

  /** Whether the pod counts on some node. */
  hasPod = (uid: string): boolean => this.#placed.has(uid)

  /** Counts the pod on this node, and no longer on another one. */
  addPod(pod: Pod, nodeName: string): void {
    const { uid = '' } = pod.metadata
    const known = this.#placed.get(uid)
    const isSame = known !== undefined && haveSameParts(known.pod, pod)
    const equal = isSame ? known.equal : this.#sorts.of(pod, { bound: true })
    if (known?.equal === equal && this.slots.nameOf(known.slot) === nodeName) {
      known.pod = pod
      this.#setStart(known, pod.status?.startTime)
      return
    }
    this.removePod(uid)
    const placed = placedAt(this.#slotOf(nodeName), pod, equal)
    this.#placed.set(uid, placed)
    this.nominations.recount(uid)
    this.#put(placed)
    this.#hash.count(nodeName, equal.hash, 1)
    this.#setStart(placed, pod.status?.startTime)
  }

  removePod(uid: string): void {
    const placed = this.#placed.get(uid)
    if (placed === undefined) return
    this.#placed.delete(uid)
    this.#hash.count(this.slots.nameOf(placed.slot), placed.equal.hash, -1)
    this.#setStart(placed, undefined)
    this.#take(placed)
    this.nominations.recount(uid)
    this.#releaseUnused(placed.slot)
  }

  /** Nominates the node for the pod; without a name withdraws the pod's nomination. */
  nominate(pod: Pod, nodeName: string | undefined): void {
    const { uid = '', namespace, name } = pod.metadata
    const before = this.nominations.delete(uid)
    if (before === undefined && nodeName === undefined) return
    if (nodeName !== undefined) this.nominations.set(pod, this.#slotOf(nodeName))
    this.#hash.set(`nomination ${namespace}/${name}`, nodeName && [uid, nodeName])
    if (before !== undefined) this.#releaseUnused(before)
  }

  #put(placed: PlacedPod): PlacedPod {
    this.pods.add(placed)
    this.#count(placed, 1)
    return placed
  }

  #take(placed: PlacedPod): void {
    this.pods.delete(placed)
    this.#count(placed, -1)
  }

  #count({ slot, equal }: PlacedPod, sign: 1 | -1): void {
    this.resources.count(slot, equal.traits.loadWants, sign)
    this.podCounts[slot] = (this.podCounts[slot] ?? 0) + sign
    equal.count(slot, sign)
    this.storage.use(equal.traits.nodeWants.claims, sign)
    this.loadChanges.add(slot)
  }

  #setStart(placed: PlacedPod, startedAt: string | undefined): void {
    if (placed.startedAt === startedAt) return
    const nodeName = this.slots.nameOf(placed.slot)
    if (placed.startedAt) this.#hash.count(nodeName, fnv1a32(placed.startedAt), -1)
    if (startedAt) this.#hash.count(nodeName, fnv1a32(startedAt), 1)
    placed.startedAt = startedAt
    this.loadChanges.add(placed.slot)
  }

  #nodeChanged(slot: number, node: Node | undefined): void {
    const { uniqueness } = this.#labels
    this.#labels.set(slot, node?.metadata.labels)
    const isPulled = this.images.set(slot, node?.status)
    if (isPulled || uniqueness !== this.#labels.uniqueness) this.#shape += 1
    this.#hash.set(`node ${this.slots.nameOf(slot)}`, node && whatMatters(node))
    this.nodeChanges.add(slot)
    this.loadChanges.add(slot)
  }

  #slotOf(name: string): number {
    const slot = this.slots.take(name)
    const { capacity } = this.slots
    if (capacity > this.podCounts.length) {
      const podCounts = new Int32Array(capacity)
      podCounts.set(this.podCounts)
      this.podCounts = podCounts
      this.resources.grow(capacity)
      this.#labels.grow(capacity)
    }
    return slot
  }

  #releaseUnused(slot: number): void {
    if (this.#nodes[slot] !== undefined || (this.podCounts[slot] ?? 0) > 0) return
    if (this.nominations.at(slot).length > 0) return
    this.slots.release(slot)
  }
}
