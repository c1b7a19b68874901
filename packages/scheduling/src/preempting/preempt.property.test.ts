import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodDisruptionBudget } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { judgeByForce } from '../placing/brute-force.fixture.ts'
import { place } from '../placing/place.ts'
import type { PlainCluster } from '../placing/plain-cluster.fixture.ts'
import { namespaceNames, randomNode, randomPod } from '../placing/random-cluster.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { bestByForce, preemptByForce } from './preempt-by-force.fixture.ts'

const { RECKON_TEST_LONG: isLong, RECKON_TEST_SHORT: isShort } = process.env
const clusters = isLong ? 2000 : isShort ? 10 : 60
const podsEach = 40

test('who has to leave which node equals what comes out when every node is judged anew for every pod that might stay', () => {
  let nominations = 0
  for (let seed = 1; seed <= clusters; seed += 1) nominations += new Crowded(seed).run()
  assert.ok(nominations > clusters, `only ${nominations} pods made room for themselves`)
})

/**
 * A random cluster that fills up with pods of several priorities, twice: as a state that is kept up, and as plain
 * lists.
 */
class Crowded {
  readonly #where: string
  readonly #random: Random
  readonly #state = new ClusterState()
  readonly #budgets: PodDisruptionBudget[] = []
  readonly #seen: Pod[] = []
  readonly #plain: PlainCluster = {
    nodes: new Map(),
    pods: new Map(),
    namespaces: new Map(),
    services: new Map(),
    replicaSets: new Map(),
  }

  constructor(seed: number) {
    this.#where = `seed ${seed}`
    this.#random = new Random(seed)
  }

  run(): number {
    const random = this.#random
    const count = 1 + random.below(5)
    for (let index = 0; index < count; index += 1) {
      const node = randomNode(random, `n${index}`)
      this.#plain.nodes.set(node.metadata.name, node)
      this.#state.setNode(node)
    }
    let nominations = 0
    for (let index = 0; index < podsEach; index += 1) {
      if (random.chance(0.1)) this.#setBudget()
      // Equal pods come again and again: what is known for them is used after changes.
      const isNew = this.#seen.length === 0 || random.chance(0.5)
      const { metadata, spec } = isNew ? this.#draw() : random.of(this.#seen)
      const name = `p${index}`
      nominations += this.#decide({
        ...{ apiVersion: 'v1', kind: 'Pod', spec },
        metadata: { ...metadata, name, uid: `uid-${name}` },
      })
    }
    return nominations
  }

  #draw(): Pod {
    const random = this.#random
    const pod = randomPod(random, '')
    const drawn = { ...pod, spec: { ...pod.spec, priority: random.of([0, 0, 5, 10, -5]) } }
    this.#seen.push(drawn)
    return drawn
  }

  /** Answers how many nodes were kept for it. */
  #decide(pod: Pod): number {
    const where = `${this.#where}, ${JSON.stringify(pod)}`
    const { nodeName, preemption } = place(pod, this.#state, defaultPolicy)
    if (nodeName !== undefined) {
      this.#add(pod, nodeName)
      return 0
    }
    const before = this.#state.hash
    const best = bestByForce(preemptByForce(pod, this.#plain, this.#budgets), this.#plain)
    if (preemption === undefined || !('nomination' in preemption)) {
      assert.deepEqual(best, [], where)
      return 0
    }
    const { nodeName: kept, victims, violations = 0 } = preemption.nomination
    const names = victims.map(({ name }) => name)
    const chosen = best.find((each) => each.nodeName === kept)
    assert.deepEqual({ nodeName: kept, victims: names, violations }, chosen, where)
    // Nothing that was thought away is missing afterwards.
    assert.equal(this.#state.hash, before)
    const verdicts = place(pod, this.#state, defaultPolicy).verdicts()
    const expected = judgeByForce(pod, this.#plain)
    for (const { node, rejectedBy } of verdicts) {
      assert.deepEqual(rejectedBy?.reason.split(', '), expected.get(node), where)
    }
    if (this.#random.chance(0.7)) {
      for (const { uid } of victims) {
        this.#plain.pods.delete(uid)
        this.#state.removePod(uid)
      }
      this.#state.nominate(pod, kept)
      assert.equal(place(pod, this.#state, defaultPolicy).nodeName, kept, where)
      this.#state.nominate(pod, undefined)
      this.#add(pod, kept)
    }
    return 1
  }

  #add(pod: Pod, nodeName: string): void {
    const started = this.#random.chance(0.7) && {
      status: { startTime: `2026-01-0${1 + this.#random.below(3)}T00:00:00Z` },
    }
    const bound = { ...pod, ...started, spec: { ...pod.spec, nodeName } }
    this.#plain.pods.set(pod.metadata.uid ?? '', bound)
    this.#state.addPod(bound, nodeName)
  }

  #setBudget(): void {
    const random = this.#random
    const namespace = random.of(namespaceNames)
    const disrupted = random.chance(0.2) ? { [`p${random.below(podsEach)}`]: '' } : {}
    const counts = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }
    const budget: PodDisruptionBudget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: `b${this.#budgets.length}`, namespace },
      spec: { selector: { matchLabels: { app: random.of(['web', 'db']) } } },
      status: { disruptionsAllowed: random.below(3), disruptedPods: disrupted, ...counts },
    }
    this.#budgets.push(budget)
    this.#state.setBudget(budget)
  }
}
