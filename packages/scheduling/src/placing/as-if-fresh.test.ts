import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Pod } from '@reckon/kubernetes'
import { comparable } from '../explaining/recorded.ts'
import type { Policy } from '../framework.ts'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { place } from './place.ts'
import { tableOf } from './verdict-table.ts'

/** A cluster that is asked again and again, and is to answer as one would that has just been told what there is. */
class AskedAgain {
  readonly #kept = new ClusterState()
  readonly #nodes = new Map<string, Node>()
  readonly #pods = new Map<string, Pod>()

  setNodes(...nodes: readonly Node[]): void {
    for (const each of nodes) {
      this.#nodes.set(each.metadata.name, each)
      this.#kept.setNode(each)
    }
  }

  removeNode(name: string): void {
    this.#nodes.delete(name)
    this.#kept.removeNode(name)
  }

  put(each: Pod, on: string): Pod {
    this.#pods.set(each.metadata.uid ?? '', { ...each, spec: { ...each.spec, nodeName: on } })
    this.#kept.addPod(each, on)
    return each
  }

  take({ metadata: { uid = '' } }: Pod): void {
    this.#pods.delete(uid)
    this.#kept.removePod(uid)
  }

  /** Asks both about each; answers where they go. */
  ask(wanted: readonly Pod[], policy: Policy = defaultPolicy): (string | undefined)[] {
    const fresh = clusterStateOf([...this.#nodes.values()], [...this.#pods.values()])
    return wanted.map((each) => {
      const [own, other] = [this.#kept, fresh].map((state) => {
        const { choice, suitingCount, reasons, ...placement } = tellingOf(each, state, policy)
        return { ...placement, tied: choice?.tied, rank: choice?.rank, suitingCount, reasons }
      })
      assert.deepEqual(own, other)
      return own?.nodeName
    })
  }
}

function tellingOf(each: Pod, state: ClusterState, policy: Policy) {
  const placement = place(each, state, policy)
  const { nodeName, choice, suitingCount, reasons } = placement
  const [verdicts, best] = [placement.verdicts(), placement.best(7)].map((told) =>
    comparable({ table: tableOf(told, []) }),
  )
  return { nodeName, choice, suitingCount, reasons, verdicts, best }
}

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'
const labels = { app: 'web' }
const meaning = (topologyKey: string) => ({ labelSelector: { matchLabels: labels }, topologyKey })
const required = (...terms: object[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: terms as never,
})

/** Pods of every sort that looks at others: apart by host, together by zone, spread, and such as look at nobody. */
const sorts = (): Pod[] => [
  pod({ requests: { cpu: '100m' } }),
  pod({ labels, affinity: { podAntiAffinity: required(meaning(hostname)) } }),
  pod({
    labels,
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, podAffinityTerm: meaning(hostname) },
          { weight: 5, podAffinityTerm: meaning(zone) },
        ],
      },
    },
  }),
  pod({ labels, affinity: { podAffinity: required(meaning(zone), meaning(hostname)) } }),
  ...(['DoNotSchedule', 'ScheduleAnyway'] as const).flatMap((whenUnsatisfiable) =>
    [hostname, zone].map((topologyKey) =>
      pod({
        labels,
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: { matchLabels: labels } },
        ],
      }),
    ),
  ),
]

const naming = (...values: string[]) =>
  pod({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }],
        },
      },
    },
  })

const host = (n: number, more: object = {}) => {
  const made = inZone(`z${n % 3}`, `n-${String(n).padStart(3, '0')}`)
  return { ...made, ...more }
}
const nameOf = (n: number) => host(n).metadata.name
const hosts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => host(from + n))
const web = () => pod({ labels, requests: { cpu: '500m' } })

test('nodes that come after the first question count, however many they are', () => {
  const cluster = new AskedAgain()
  const wanted = sorts()
  cluster.setNodes(...hosts(0, 3))
  cluster.put(web(), nameOf(1))
  cluster.ask(wanted)
  cluster.setNodes(...hosts(3, 130))
  cluster.put(web(), nameOf(100))
  cluster.ask(wanted)
  cluster.removeNode(nameOf(100))
  cluster.removeNode(nameOf(1))
  cluster.ask(wanted)
  cluster.setNodes(host(1), host(200))
  cluster.ask(wanted)
})

test('a counted pod that comes or goes counts on its node, and on no other', () => {
  const cluster = new AskedAgain()
  const wanted = sorts()
  cluster.setNodes(...hosts(0, 12))
  const standing = [0, 1, 2, 3, 4, 4].map((n) => cluster.put(web(), nameOf(n)))
  cluster.ask(wanted)
  // One node of those that hold such pods; then more than these, but among others.
  cluster.put(pod({ requests: { cpu: '2' } }), nameOf(2))
  cluster.ask(wanted)
  for (let n = 3; n < 12; n += 1) cluster.put(pod({ requests: { cpu: '1' } }), nameOf(n))
  cluster.ask(wanted)
  for (const each of standing.splice(0, 3)) cluster.take(each)
  cluster.ask(wanted)
  cluster.put(web(), nameOf(11))
  for (const each of standing) cluster.take(each)
  cluster.ask(wanted)
  cluster.setNodes(host(11, { spec: { unschedulable: true } }))
  cluster.ask(wanted)
  cluster.setNodes(host(11))
  cluster.ask(wanted)
})

test('after more changes than anybody remembers it is as after the first question', () => {
  const cluster = new AskedAgain()
  const wanted = [...sorts(), naming(nameOf(1), nameOf(2))]
  cluster.setNodes(...hosts(0, 9))
  for (const n of [0, 1, 2]) cluster.put(web(), nameOf(n))
  cluster.ask(wanted)
  for (let times = 0; times < 9_000; times += 1) {
    cluster.setNodes(host(times % 9, { spec: { unschedulable: times % 4 === 0 } }))
    const passing = cluster.put(web(), nameOf(times % 9))
    if (times % 1000 > 0) cluster.take(passing)
  }
  cluster.ask(wanted)
  cluster.setNodes(host(4))
  cluster.ask(wanted)
})

test('who names nodes sees these alone, as they are by now, and the others once more where nothing else keeps it off', () => {
  const cluster = new AskedAgain()
  const plugins = defaultPolicy.plugins.filter(({ plugin }) => plugin.name !== 'NodeAffinity')
  const heedless: Policy = { name: 'heedless', plugins }
  const wanted = [
    naming(nameOf(1)),
    naming(nameOf(2), nameOf(40)),
    naming('gone'),
    naming(nameOf(1)),
  ]
  const ask = () => {
    const placed = cluster.ask(wanted)
    cluster.ask(wanted, heedless)
    return placed
  }
  cluster.setNodes(...hosts(0, 5))
  assert.deepEqual(ask(), [nameOf(1), nameOf(2), undefined, nameOf(1)])
  cluster.setNodes(host(1, { spec: { unschedulable: true } }), host(3, { spec: { taints: [] } }))
  assert.deepEqual(ask(), [undefined, nameOf(2), undefined, undefined])
  cluster.setNodes(...hosts(5, 90), host(1), node('gone'))
  cluster.removeNode(nameOf(2))
  assert.deepEqual(ask(), [nameOf(1), nameOf(40), 'gone', nameOf(1)])
  cluster.removeNode('gone')
  assert.deepEqual(ask(), [nameOf(1), nameOf(40), undefined, nameOf(1)])
})

test('each of many that are tied is chosen by some pod, whatever pods these nodes hold', () => {
  const cluster = new AskedAgain()
  cluster.setNodes(...hosts(0, 9))
  for (const n of [1, 3, 5]) cluster.put(pod({ labels }), nameOf(n))
  const near = () => pod({ labels, affinity: { podAffinity: required(meaning(hostname)) } })
  const apart = () => pod({ labels, affinity: { podAntiAffinity: required(meaning(hostname)) } })
  const chosen = (make: () => Pod) =>
    [...new Set(cluster.ask(Array.from({ length: 60 }, make)))].toSorted()
  assert.deepEqual(chosen(near), [1, 3, 5].map(nameOf))
  assert.deepEqual(chosen(apart), [0, 2, 4, 6, 7, 8].map(nameOf))
  assert.deepEqual(
    chosen(() => pod()),
    [0, 2, 4, 6, 7, 8].map(nameOf),
  )
})

test('a node without the label of a topology is in none of its domains', () => {
  const cluster = new AskedAgain()
  const wanted = sorts()
  cluster.setNodes(...hosts(0, 4), { ...node('bare'), metadata: { name: 'bare' } })
  cluster.put(web(), 'bare')
  cluster.ask(wanted)
  cluster.put(web(), nameOf(0))
  cluster.ask(wanted)
  cluster.setNodes({ ...node('bare'), metadata: { name: 'bare', labels: { [zone]: 'z0' } } })
  cluster.ask(wanted)
})
