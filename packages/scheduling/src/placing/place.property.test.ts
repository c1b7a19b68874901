import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { defaultPolicy } from '../policy/default-policy.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { judgeByForce, type Outcome } from './brute-force.fixture.ts'
import { place } from './place.ts'
import type { PlainCluster } from './plain-cluster.fixture.ts'
import {
  namespaceNames,
  randomNode,
  randomPod,
  replicaSet,
  service,
} from './random-cluster.fixture.ts'

const { RECKON_TEST_LONG: isLong, RECKON_TEST_SHORT: isShort } = process.env
const clusters = isLong ? 4000 : isShort ? 20 : 100
const stepsEach = 30

test('what is kept up change by change equals a judgement of every node by every pod', () => {
  for (let seed = 1; seed <= clusters; seed += 1) new Twins(seed).run(stepsEach)
})

/** One random cluster twice: as the state that is kept up, and as plain lists. */
class Twins {
  readonly #seed: number
  readonly #random: Random
  readonly #state = new ClusterState()
  readonly #plain: PlainCluster = {
    nodes: new Map(),
    pods: new Map(),
    namespaces: new Map(),
    services: new Map(),
    replicaSets: new Map(),
  }
  readonly #seen: Pod[] = []
  #names = 0

  constructor(seed: number) {
    this.#seed = seed
    this.#random = new Random(seed)
  }

  /** Some name the nodes that they may run on, as a DaemonSet's pods do. */
  #newPod(): Pod {
    const pod = randomPod(this.#random, '')
    if (!this.#random.chance(0.15)) return pod
    const known = [...this.#plain.nodes.keys(), 'gone']
    const values = [
      this.#random.of(known),
      ...(this.#random.chance(0.3) ? [this.#random.of(known)] : []),
    ]
    const matchFields = [{ key: 'metadata.name', operator: 'In', values }]
    const required = {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    }
    const { affinity } = pod.spec
    const nodeAffinity = { ...affinity?.nodeAffinity, ...required }
    return { ...pod, spec: { ...pod.spec, affinity: { ...affinity, nodeAffinity } } }
  }

  run(steps: number): void {
    const random = this.#random
    const count = 1 + random.below(8)
    for (let node = 0; node < count; node += 1) this.#setNode(`n${random.below(1000)}`)
    for (let step = 0; step < steps; step += 1) {
      for (let times = random.below(3); times > 0; times -= 1) this.#change()
      // Equal pods come again and again: what is kept for their class is used after changes.
      const isNew = this.#seen.length === 0 || random.chance(0.4)
      const pod = isNew ? this.#newPod() : random.of(this.#seen)
      if (isNew) this.#seen.push(pod)
      for (let times = 1 + random.below(4); times > 0; times -= 1) {
        const name = `p${this.#names++}`
        const metadata = { ...pod.metadata, name, uid: `uid-${name}` }
        this.#place({ ...pod, metadata }, step)
      }
    }
  }

  #place(pod: Pod, step: number): void {
    const placement = place(pod, this.#state, defaultPolicy)
    const expected = judgeByForce(pod, this.#plain)
    const actual: Outcome = new Map(
      placement
        .verdicts()
        .map(({ node, rejectedBy, total }) => [
          node,
          rejectedBy ? rejectedBy.reason.split(', ') : (total ?? -1),
        ]),
    )
    const where = `seed ${this.#seed}, step ${step}, ${JSON.stringify(pod)}`
    assert.deepEqual(sorted(actual), sorted(expected), where)
    const totals = [...expected.values()].filter((each) => typeof each === 'number')
    const best = Math.max(...totals)
    const tied = [...expected]
      .filter(([, total]) => total === best)
      .map(([name]) => name)
      .sort()
    assert.equal(placement.suitingCount, totals.length, where)
    assert.equal(placement.choice?.tied ?? 0, tied.length, where)
    assert.equal(placement.nodeName, tied[placement.choice?.rank ?? 0], where)
    assert.deepEqual(placement.reasons, reasonsIn(expected), where)
    if (placement.nodeName === undefined || this.#random.chance(0.1)) return
    this.#state.addPod(pod, placement.nodeName)
    const bound = { ...pod, spec: { ...pod.spec, nodeName: placement.nodeName } }
    this.#plain.pods.set(pod.metadata.uid ?? '', bound)
  }

  #change(): void {
    const random = this.#random
    const names = [...this.#plain.nodes.keys()]
    const choice = random.below(10)
    if (choice === 0 || names.length === 0) this.#setNode(`n${random.below(1000)}`)
    else if (choice === 1 && names.length > 1) this.#removeNode(random.of(names))
    else if (choice === 2) this.#setNode(random.of(names))
    else if (choice <= 5) this.#changePod()
    else if (choice === 6) this.#labelNamespace()
    else if (choice === 7) this.#changeService()
    else if (choice === 8) this.#changeReplicaSet()
    else this.#pull(random.of(names))
  }

  #setNode(name: string): void {
    const node = randomNode(this.#random, name)
    this.#plain.nodes.set(name, node)
    this.#state.setNode(node)
  }

  #pull(name: string): void {
    const node = this.#plain.nodes.get(name)
    if (node === undefined) return
    const images = [{ names: ['web:1'], sizeBytes: 900_000_000 }]
    const pulled = { ...node, status: { ...node.status, images } }
    this.#plain.nodes.set(name, pulled)
    this.#state.setNode(pulled)
  }

  #removeNode(name: string): void {
    this.#plain.nodes.delete(name)
    this.#state.removeNode(name)
  }

  #changePod(): void {
    const pods = [...this.#plain.pods]
    if (pods.length === 0) return
    const [uid, pod] = this.#random.of(pods)
    if (this.#random.chance(0.7)) {
      this.#plain.pods.delete(uid)
      this.#state.removePod(uid)
      return
    }
    const deletionTimestamp = '2026-01-01T00:00:00Z'
    const changed = { ...pod, metadata: { ...pod.metadata, deletionTimestamp } }
    this.#plain.pods.set(uid, changed)
    this.#state.addPod(changed, pod.spec.nodeName ?? '')
  }

  #labelNamespace(): void {
    const name = this.#random.of(namespaceNames)
    const labels = { team: this.#random.of(['a', 'b']) }
    this.#plain.namespaces.set(name, labels)
    this.#state.setNamespace(name, labels)
  }

  #changeService(): void {
    const [namespace, app] = [this.#random.of(namespaceNames), this.#random.of(['web', 'db'])]
    const key = `${namespace}/${app}`
    if (this.#plain.services.delete(key)) this.#state.removeService(namespace, app)
    else {
      this.#plain.services.set(key, service(namespace, app))
      this.#state.setService(service(namespace, app))
    }
  }

  #changeReplicaSet(): void {
    const [namespace, app] = [this.#random.of(namespaceNames), this.#random.of(['web', 'cache'])]
    const key = `${namespace}/${app}`
    if (this.#plain.replicaSets.delete(key)) {
      this.#state.removeGrouping('ReplicaSet', namespace, app)
    } else {
      const set = replicaSet(namespace, app)
      this.#plain.replicaSets.set(key, set)
      this.#state.setGrouping({ ...set, selector: set.spec.selector })
    }
  }
}

const sorted = (outcome: Outcome) => [...outcome].sort(([a], [b]) => (a < b ? -1 : 1))

function reasonsIn(outcome: Outcome): { reason: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const reasons of outcome.values()) {
    if (typeof reasons === 'number') continue
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => (`${a.count} ${a.reason}` < `${b.count} ${b.reason}` ? -1 : 1))
}
