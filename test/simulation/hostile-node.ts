import { encodeFrames, eventsHead, termOf, trustedEvents } from '@reckon/eventing'
import type { MemoryBus } from '@reckon/eventing/memory'
import { makingNodeOf, persistentVolumeClaims, persistentVolumes, pods } from '@reckon/kubernetes'
import {
  nodeApplied,
  nodeCredentials,
  nodeEvents,
  nodeHead,
  nodeHeartbeat,
  nodeRead,
  nodeReports,
  nodeSecret,
  nodeStreamOf,
  nodeStreams,
  nodeToken,
  nodeUsage,
  sharedApplied,
  sharedEvents,
  sharedHead,
} from '@reckon/node-plane'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

const forAll = [sharedEvents, sharedHead, sharedApplied]
const names = ['web', 'api', 'store']
/** Valid and invalid amounts. */
const numbers = [0, 1, 2, 3, 1000, 1000, 2 ** 53, -1]
/** Audiences of tokens: the api, another, invalid ones. */
const audiences = ['', 'vault', 7]
const uidOfNothing = '00000000-0000-4000-8000-000000000000'

/**
 * The messages of an attacker with a node's credentials: everything that these allow, and everything that they should
 * not.
 */
export class HostileNode {
  readonly node: string
  readonly #world: World
  readonly #bus: MemoryBus
  /** The claims whose volumes it claims to have. */
  readonly #coveted = new Set<string>()

  constructor(world: World, node: string) {
    this.node = node
    this.#world = world
    this.#bus = world.network.open(`hostile@${node}`, nodeCredentials(node))
    for (const subject of ['>', '_INBOX.>', 'events.>', 'nodes.>', 'head.>']) {
      this.#bus.subscribe(subject, ({ subject: heard }) => {
        const isOwn = heard.split('.').includes(node) || forAll.includes(heard)
        const rule = 'a node hears what is its own'
        if (!isOwn) world.fail(new Violation(rule, `${node} hears ${heard}`))
      })
    }
  }

  /** Sends one message. */
  speak(): void {
    this.#say(this.#world.random.pick(this.#subjects()) ?? '', this.#data())
  }

  /** Claims, for each claim that waits for its volume on another node, to have the volume itself. */
  covet(): void {
    for (const { object } of this.#world.history.objects.list(persistentVolumeClaims)) {
      const { namespace, name, uid = '' } = object.metadata
      const node = makingNodeOf(object)
      if (node === undefined || node === this.node || this.#coveted.has(uid)) continue
      this.#coveted.add(uid)
      const cause = { id: uidOfNothing, correlationId: uidOfNothing }
      const path = `/taken/pvc-${uid}`
      const saying = { type: 'VolumeReady', namespace, name, uid, path, cause }
      this.#say(nodeReports(this.node), new TextEncoder().encode(JSON.stringify(saying)))
    }
  }

  #say(subject: string, data: Uint8Array): void {
    const { random, trace } = this.#world
    const reply = random.chance(0.7) ? this.#ownInbox : random.pick(this.#replies())
    trace.record(`${this.node}, taken over, says on ${subject} (${reply ?? '-'}): ${shown(data)}`)
    if (reply === undefined) this.#bus.publish(subject, data)
    else this.#bus.ask(subject, data, reply)
  }

  #subjects(): string[] {
    const asking = [
      nodeRead,
      nodeSecret,
      nodeToken,
      nodeReports,
      nodeHeartbeat,
      nodeApplied,
      nodeUsage,
    ]
    const own = asking.map((of) => of(this.node))
    const other = this.#anyNode()
    return [
      ...own,
      ...own,
      ...own,
      nodeStreamOf(this.node, 'any'),
      nodeReports(other),
      nodeToken(other),
      nodeEvents(other),
      nodeHead(other),
      nodeStreams(other),
      nodeEvents(this.node),
      trustedEvents,
      eventsHead,
      ...forAll,
      termOf('replicator'),
    ]
  }

  /** The only subject that is answered. */
  get #ownInbox(): string {
    return `_INBOX.${this.node}.1`
  }

  #replies(): (string | undefined)[] {
    const other = this.#anyNode()
    return [
      undefined,
      trustedEvents,
      'events.pods',
      eventsHead,
      nodeHead(other),
      nodeEvents(other),
      nodeReports(other),
      `_INBOX.${other}.1`,
      '_INBOX.api.1',
      '_INBOX.replicator.1',
    ]
  }

  #data(): Uint8Array {
    const { random } = this.#world
    if (random.chance(0.1)) return random.bytes(random.below(64))
    const text = JSON.stringify(random.pick(this.#sayings()))
    const content = new TextEncoder().encode(text)
    if (random.chance(0.8)) return content
    const said = encodeFrames([{ position: 1n, previous: undefined, content }])
    return random.chance(0.5) ? said.subarray(0, random.below(said.length)) : said
  }

  #sayings(): unknown[] {
    const { random, history } = this.#world
    const all = history.objects.list(pods)
    const own = all.filter(({ object }) => object.spec.nodeName === this.node)
    const stored = random.pick(random.chance(0.6) ? own : all)
    const {
      namespace = 'default',
      name = 'single-web',
      uid = uidOfNothing,
    } = stored?.object.metadata ?? {}
    const cause = { id: uidOfNothing, correlationId: uidOfNothing }
    const number = random.pick(numbers) ?? 0
    const boot = random.pick(numbers) ?? 0
    const bootId = random.uuid()
    const pod = { namespace, name, uid, cause }
    const metadata = { name: random.chance(0.8) ? this.node : this.#anyNode() }
    const node = (more: object) => ({ apiVersion: 'v1', kind: 'Node', metadata, ...more })
    const report = (more: object) => ({ type: 'Node', bootId, boot, number, node: node(more) })
    const status = { phase: 'Running', podIP: '10.96.0.5/24', podIPs: [{ ip: 'no address' }] }
    return [
      { type: 'PodGone', ...pod },
      ...this.#sayingsOfVolumes(cause),
      { type: 'PodStatus', ...pod, boot, number, status: { phase: 'Failed' } },
      { type: 'PodStatus', ...pod, boot, number, status },
      { type: 'PodStatus', ...pod, boot, number, status: { phase: 7, conditions: 'none' } },
      report({ spec: { unschedulable: false, podCIDR: '10.244.1.0/24' } }),
      report({ metadata: { ...metadata, labels: { zone: 'east', 'node-role': 'admin' } } }),
      report({ spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } }),
      report({ status: { capacity: { cpu: '1000' }, allocatable: { cpu: 'many' } } }),
      { wire: 'Own' },
      { wire: 'Trusted' },
      { namespace, name: random.pick(names) },
      { namespace, name, uid, audience: random.pick(audiences) },
      { namespace, name: random.pick(names), uid: uidOfNothing, audience: '' },
      { position: 'x' },
      { position: String(2n ** 63n) },
      { term: 10 ** 9, holder: 'nobody' },
      { id: uidOfNothing, type: 'NamespaceDeleted', stream: `namespaces-/${random.pick(names)}` },
      null,
      [],
    ]
  }

  /** Of anybody's claims and volumes. */
  #sayingsOfVolumes(cause: object): unknown[] {
    const { random, history } = this.#world
    const claim = random.pick(history.objects.list(persistentVolumeClaims))?.object.metadata
    const volume = random.pick(history.objects.list(persistentVolumes))?.object.metadata
    const { namespace = 'default', name = 'data-web', uid = uidOfNothing } = claim ?? {}
    const path = random.chance(0.7) ? `/taken/pvc-${uid}` : '/etc'
    return [
      { type: 'VolumeReady', namespace, name, uid, path, cause },
      { type: 'VolumeGone', name: volume?.name ?? name, uid: volume?.uid ?? uid, cause },
    ]
  }

  #anyNode(): string {
    return `node-${1 + this.#world.random.below(4)}`
  }
}

const shownMax = 200
const shown = (data: Uint8Array): string =>
  JSON.stringify(new TextDecoder().decode(data).slice(0, shownMax))
