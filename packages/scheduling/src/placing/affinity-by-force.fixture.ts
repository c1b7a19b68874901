import type { Node } from '@reckon/kubernetes'
import { type AffinityTerm, isMeant } from '../state/affinity-term.ts'
import type { Namespaces } from '../state/namespaces.ts'
import { type PodTraits, traitsOf } from '../state/pod-traits.ts'
import { labelOf, type PlainCluster } from './plain-cluster.fixture.ts'

/** Affinity to pods and anti-affinity, on either side, pod by pod. */
export class AffinityByForce {
  readonly #pod: PodTraits
  readonly #plain: PlainCluster
  readonly #namespaces: Namespaces

  constructor(pod: PodTraits, plain: PlainCluster, namespaces: Namespaces) {
    this.#pod = pod
    this.#plain = plain
    this.#namespaces = namespaces
  }

  #isMeantBy(term: AffinityTerm, other: PodTraits): boolean {
    return isMeant(term, other, this.#namespaces)
  }

  /** Every bound pod on a known node. */
  #standing(): { traits: PodTraits; node: Node }[] {
    return [...this.#plain.pods.values()].flatMap((pod) => {
      const node = this.#plain.nodes.get(pod.spec.nodeName ?? '')
      return node ? [{ traits: traitsOf(pod, ''), node }] : []
    })
  }

  reasonAt(node: Node): string | undefined {
    const standing = this.#standing()
    const shares = (other: Node, { topologyKey }: AffinityTerm) =>
      labelOf(node, topologyKey) !== undefined &&
      labelOf(node, topologyKey) === labelOf(other, topologyKey)
    const { required } = this.#pod.affinity
    const areAllMeant = (other: PodTraits) => required.every((term) => this.#isMeantBy(term, other))
    if (required.length > 0) {
      const hasAll = required.every((term) => labelOf(node, term.topologyKey) !== undefined)
      const follow = standing.filter(({ traits }) => areAllMeant(traits))
      const isNear = required.every((term) => follow.some((other) => shares(other.node, term)))
      const isAnywhere = follow.some((other) =>
        required.some((term) => labelOf(other.node, term.topologyKey) !== undefined),
      )
      const isFirst = !isAnywhere && areAllMeant(this.#pod)
      if (!hasAll || !(isNear || isFirst)) return "node(s) didn't match pod affinity rules"
    }
    for (const term of this.#pod.antiAffinity.required) {
      if (
        standing.some(({ traits, node: on }) => this.#isMeantBy(term, traits) && shares(on, term))
      )
        return "node(s) didn't match pod anti-affinity rules"
    }
    for (const { traits, node: on } of standing) {
      const forbids = traits.antiAffinity.required.some(
        (term) => this.#isMeantBy(term, this.#pod) && shares(on, term),
      )
      if (forbids) return "node(s) didn't satisfy existing pods anti-affinity rules"
    }
    return undefined
  }

  scoresOf(suiting: readonly Node[]): Map<Node, number> {
    const standing = this.#standing()
    const sumAt = (node: Node): number => {
      let sum = 0
      for (const { traits, node: on } of standing) {
        const add = (term: AffinityTerm, to: PodTraits, weight: number) => {
          const value = labelOf(node, term.topologyKey)
          const isNear = value !== undefined && value === labelOf(on, term.topologyKey)
          if (isNear && this.#isMeantBy(term, to)) sum += weight
        }
        for (const { term, weight } of this.#pod.affinity.preferred) add(term, traits, weight)
        for (const { term, weight } of this.#pod.antiAffinity.preferred) add(term, traits, -weight)
        for (const term of traits.affinity.required) add(term, this.#pod, 1)
        for (const { term, weight } of traits.affinity.preferred) add(term, this.#pod, weight)
        for (const { term, weight } of traits.antiAffinity.preferred) add(term, this.#pod, -weight)
      }
      return sum
    }
    const raw = new Map(suiting.map((node) => [node, sumAt(node)]))
    const least = Math.min(...raw.values())
    const most = Math.max(...raw.values())
    return new Map(
      [...raw].map(([node, sum]) => [
        node,
        most === least ? 0 : Math.floor(100 * ((sum - least) / (most - least))),
      ]),
    )
  }
}
