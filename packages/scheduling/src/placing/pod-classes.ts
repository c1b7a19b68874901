import type { LoadPlugin, NodePlugin, Plugin, Policy, TopologyPlugin } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { EqualPods } from '../state/equal-pods.ts'
import type { LoadWants, NodeWants, PodTraits } from '../state/pod-traits.ts'
import { Counting, type Topology } from './counting.ts'
import { EqualLoads } from './equal-loads.ts'
import { EqualNodes } from './equal-nodes.ts'
import { Exceptions } from './exceptions.ts'
import { Grouping } from './grouping.ts'
import { LoadJudge } from './load-judge.ts'
import { NamedGrouping } from './named-grouping.ts'
import { heedsNames, namedNodes, wantsElsewhere } from './named-nodes.ts'
import { NamedRanking } from './named-ranking.ts'
import { NodeJudge } from './node-judge.ts'
import type { NodeSums } from './node-sums.ts'
import { PodClass, type PreparedTopologyRule } from './pod-class.ts'
import { type RankedNodes, Ranking } from './ranking.ts'
import { Rejections } from './rejections.ts'
import { SharedSums } from './shared-sums.ts'

/** The bound of cached verdicts, some 64 MiB: older classes are dropped beyond it. */
const cellsMax = 1 << 24
/** The cost of a cached class of pods that name their nodes, in cells. */
const cellsOfNamed = 512

/**
 * By what nodes are sorted: what pods want of them, what images and volumes lie where, the domains that are told apart.
 */
type Sorting = { wants: NodeWants; context: string; topologies: readonly Topology[] }

type Known = { readonly podClass: PodClass; readonly context: string; shape: number }

/**
 * The classes of pods of one cluster under one policy. Everything here follows from the cluster's state and can be
 * dropped at any moment; classes share what their pods want alike.
 */
export class PodClasses {
  readonly rejections = new Rejections()
  readonly #cluster: ClusterState
  readonly #policy: Policy
  /** The policy's plugins by what they judge. */
  readonly #ofNodes: readonly Weighted<NodePlugin>[]
  readonly #ofLoads: readonly Weighted<LoadPlugin>[]
  readonly #ofTopology: readonly Weighted<TopologyPlugin>[]
  readonly #loads: EqualLoads
  #classes = new WeakMap<EqualPods, Known>()
  #equal = new Map<string, EqualNodes>()
  #rankings = new Map<string, RankedNodes>()
  #cells = 0
  #exceptions = new Map<RankedNodes, Map<string, Exceptions>>()
  #sums: SharedSums
  #epoch: number

  constructor(cluster: ClusterState, policy: Policy) {
    this.#cluster = cluster
    this.#policy = policy
    this.#ofNodes = pluginsThat(policy, isNodePlugin)
    this.#ofLoads = pluginsThat(policy, isLoadPlugin)
    this.#ofTopology = pluginsThat(policy, isTopologyPlugin)
    this.#loads = new EqualLoads(cluster)
    this.#sums = new SharedSums(cluster)
    this.#epoch = cluster.epoch
  }

  /** The class of these pods, up to date. */
  of(equal: EqualPods): PodClass {
    const podClass = this.#current(equal)
    podClass.refresh()
    return podClass
  }

  #current(equal: EqualPods): PodClass {
    const cluster = this.#cluster
    if (this.#epoch !== cluster.epoch) this.#forget()
    const known = this.#classes.get(equal)
    if (known?.shape === cluster.shape) return known.podClass
    const context = cluster.contextOf(equal.traits)
    if (known?.context === context) {
      known.shape = cluster.shape
      return known.podClass
    }
    const podClass = this.#create(equal)
    this.#classes.set(equal, { podClass, context, shape: cluster.shape })
    return podClass
  }

  #create({ traits }: EqualPods): PodClass {
    const cluster = this.#cluster
    if (this.#cells > cellsMax) this.#forget()
    const policy = this.#policy
    const counting = new Counting(cluster, this.#sums)
    const rules = this.#ofTopology.flatMap(({ plugin, weight }): PreparedTopologyRule[] => {
      const rule = plugin.prepare(traits, counting)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    const ranking = this.#rankingOf(traits, counting.topologies)
    const exceptions = this.#exceptionsFrom(ranking, counting.byNode)
    return new PodClass({ cluster, policy, ranking, exceptions, counting, rules })
  }

  #exceptionsFrom(ranking: RankedNodes, sums: readonly NodeSums[]): Exceptions | undefined {
    if (sums.length === 0) return undefined
    const ofRanking = this.#exceptions.get(ranking) ?? new Map<string, Exceptions>()
    this.#exceptions.set(ranking, ofRanking)
    const key = sums.map(({ name }) => name).join('\n')
    const exceptions = ofRanking.get(key) ?? new Exceptions(this.#cluster, ranking, sums)
    ofRanking.set(key, exceptions)
    return exceptions
  }

  #rankingOf({ nodeWants, loadWants }: PodTraits, topologies: readonly Topology[]): RankedNodes {
    const cluster = this.#cluster
    const images = cluster.imagesContext(nodeWants.images)
    // Images that lie nowhere tell no nodes apart.
    const wants = images === '' ? { ...nodeWants, images: [] } : nodeWants
    const volumes = cluster.storage.contextOf(nodeWants.claims)
    const context = JSON.stringify([images, volumes])
    return this.#ranked({ wants, context, topologies }, loadWants)
  }

  #ranked(sorting: Sorting, loadWants: LoadWants): RankedNodes {
    const { wants, context, topologies } = sorting
    const key = JSON.stringify([wants, context, topologies, loadWants])
    const known = this.#rankings.get(key)
    if (known !== undefined) return known
    const [cluster, rejections, policy] = [this.#cluster, this.rejections, this.#policy]
    const judge = new LoadJudge({ cluster, rejections, plugins: this.#ofLoads, wants: loadWants })
    const names = heedsNames(policy) ? namedNodes(wants) : undefined
    const created = names ? this.#named(names, sorting, judge) : this.#ofAll(sorting, judge)
    this.#cells += names ? cellsOfNamed : cluster.slots.capacity
    this.#rankings.set(key, created)
    return created
  }

  #ofAll(sorting: Sorting, judge: LoadJudge): RankedNodes {
    return new Ranking(this.#cluster, this.#equalNodes(sorting), judge)
  }

  #named(names: ReadonlySet<string>, sorting: Sorting, judge: LoadJudge): RankedNodes {
    const cluster = this.#cluster
    const { wants, context } = sorting
    const elsewhere = { wants: wantsElsewhere(wants), context, topologies: [] }
    const others = this.#ranked(elsewhere, nothing)
    const nodes = this.#nodeJudge(sorting)
    const groups = new NamedGrouping({ cluster, names, judge: nodes, others: others.groups })
    return new NamedRanking({ cluster, groups, judge, others })
  }

  #equalNodes(sorting: Sorting): EqualNodes {
    const { wants, context, topologies } = sorting
    const key = JSON.stringify([wants, context, topologies])
    const known = this.#equal.get(key)
    if (known !== undefined) return known
    const groups = new Grouping(this.#cluster, this.#nodeJudge(sorting))
    const created = new EqualNodes(this.#cluster, groups, this.#loads)
    this.#equal.set(key, created)
    return created
  }

  #nodeJudge({ wants, topologies }: Sorting): NodeJudge {
    const [cluster, rejections] = [this.#cluster, this.rejections]
    return new NodeJudge({ cluster, rejections, plugins: this.#ofNodes, wants, topologies })
  }

  #forget(): void {
    this.#epoch = this.#cluster.epoch
    this.#classes = new WeakMap()
    this.#equal.clear()
    this.#rankings.clear()
    this.#cells = 0
    this.#exceptions.clear()
    this.#sums = new SharedSums(this.#cluster)
  }
}

const nothing: LoadWants = { requests: {}, scoringRequests: {}, hostPorts: [] }

type Weighted<P extends Plugin> = { readonly plugin: P; readonly weight: number }

const isNodePlugin = (plugin: Plugin) => plugin.judges === 'node'
const isLoadPlugin = (plugin: Plugin) => plugin.judges === 'load'
const isTopologyPlugin = (plugin: Plugin) => plugin.judges === 'topology'

function pluginsThat<P extends Plugin>(
  { plugins }: Policy,
  isKind: (plugin: Plugin) => plugin is P,
): Weighted<P>[] {
  return plugins.flatMap(({ plugin, weight }) => (isKind(plugin) ? [{ plugin, weight }] : []))
}
