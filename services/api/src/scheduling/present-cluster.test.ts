import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { type KubernetesObject, StatusError } from '@reckon/kubernetes'
import { type ClusterState, clusterStateIn } from '@reckon/scheduling'
import { PresentCluster } from './present-cluster.ts'

const never = new AbortController().signal

/** A view of nodes and pods that stand on them, as an adversary changes it whenever others have their turn. */
class Changing {
  readonly objects = new Objects()
  nowMs = 0
  turns = 0
  readonly clock = {
    now: () => this.nowMs,
    sleep: async () => {
      this.turns += 1
      this.change()
    },
  }
  #position = 0n
  readonly #revisions = new Map<string, bigint>()
  #random = 1

  below(end: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0
    return (this.#random >>> 8) % end
  }

  change(): void {
    const [name, node] = [`p${this.below(900)}`, `n${this.below(9)}`]
    const stream = `pods-default/${name}`
    if (this.objects.ofStream(stream)) {
      if (this.below(2) === 0) this.tell(stream, 'PodDeleted', { patch: [] })
      else this.tell(stream, 'PodStatusChanged', { patch: [failed] })
    } else this.tell(stream, 'PodCreated', { object: podOn(node, name, String(this.#position)) })
    if (this.below(3) > 0) return
    const isThere = this.objects.ofStream(`nodes-/${node}`) !== undefined
    if (isThere) this.tell(`nodes-/${node}`, 'NodeDeleted', { patch: [] })
    else this.tell(`nodes-/${node}`, 'NodeCreated', { object: nodeNamed(node) })
  }

  tell(stream: string, type: string, data: unknown): void {
    const revision = (this.#revisions.get(stream) ?? -1n) + 1n
    this.#revisions.set(stream, revision)
    this.#position += 1n
    const position = this.#position
    this.objects.apply({
      ...{ id: `e${position}`, type, stream, revision, position, data },
      metadata: undefined,
    })
  }
}

const failed = { op: 'add', path: '/status', value: { phase: 'Failed' } }
const nodeNamed = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec: {},
  status: { allocatable: { cpu: '4', pods: '110' } },
})
const podOn = (nodeName: string, name: string, uid: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid },
  spec: { nodeName, containers: [{ name: 'c', resources: { requests: { cpu: '1m' } } }] },
})

function filled(): { world: Changing; present: PresentCluster } {
  const world = new Changing()
  for (let n = 0; n < 2000; n++) world.change()
  return { world, present: new PresentCluster(world) }
}

test('made in turns while objects change, and kept up, it is as one made at once', async () => {
  const { world, present } = filled()
  const assertSame = ({ position, cluster }: { position: bigint; cluster: ClusterState }) => {
    assert.equal(position, world.objects.position)
    assert.equal(cluster.hash, clusterStateIn(world.objects).hash)
    return cluster
  }
  const first = await present.use(never, assertSame)
  assert.ok(world.turns >= 3, `${world.turns} turns`)
  for (let n = 0; n < 200; n++) world.change()
  assert.equal(await present.use(never, assertSame), first)
})

test('while somebody uses it, it stands still, and others wait for their turn', async () => {
  const { world, present } = filled()
  const order: string[] = []
  const long = present.use(never, async ({ cluster }) => {
    const { hash } = cluster
    for (let n = 0; n < 50; n++) await world.clock.sleep()
    assert.equal(cluster.hash, hash)
    order.push('long')
  })
  const short = present.use(never, ({ cluster }) => {
    order.push('short')
    assert.equal(cluster.hash, clusterStateIn(world.objects).hash)
  })
  await Promise.all([long, short])
  assert.deepEqual(order, ['long', 'short'])
})

test('what somebody left half changed is made anew, and a refusal leaves it as it is', async () => {
  const { present } = filled()
  const own = () => present.use(never, ({ cluster }) => cluster)
  const first = await own()
  const refusing = present.use(never, () => Promise.reject(new StatusError('NotFound', 'no pod')))
  await assert.rejects(refusing, /no pod/)
  assert.equal(await own(), first)
  const failing = present.use(never, () => Promise.reject(new Error('a bug')))
  await assert.rejects(failing, /a bug/)
  assert.notEqual(await own(), first)
})

test('it is forgotten once nobody has asked for a while, and who has gone does not make it', async () => {
  const { world, present } = filled()
  const own = () => present.use(never, ({ cluster }) => cluster)
  const first = await own()
  world.nowMs += 299_000
  world.change()
  assert.equal(await own(), first)
  world.nowMs += 301_000
  world.change()
  const gone = AbortSignal.abort(new Error('gone'))
  await assert.rejects(
    present.use(gone, () => assert.fail()),
    /gone/,
  )
  assert.notEqual(await own(), first)
})
