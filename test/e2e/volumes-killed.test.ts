import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EventLog, isSystemEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import {
  isRefusal,
  type PersistentVolume,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
} from '@reckon/kubernetes'
import { eventStoreUrl, findProcess, layoutOf, readClusterFile } from '@reckon/supervisor'
import { memoryVault } from '@reckon/writing/vault-fixture'
import { volumes } from '../simulation/checkers/volumes.ts'
import { History, type Recorded } from '../simulation/history.ts'
import { openApi } from './ask-api.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'

/** Whoever has a part in what becomes of a claim and its volume. */
const processes = ['event-store', 'nats', 'api', 'scheduler', 'replicator', 'agent-node-1']
/** In the short form so many deaths are left out between two; each process has its turn all the same. */
const everyNth = process.env.RECKON_TEST_LONG === '1' ? 1 : 23
const atATime = 8
const retryMs = 50
const lifeMsMax = 120_000

let cluster: TestCluster
let log: EventLog
let api: ReturnType<typeof openApi>
before(async () => {
  cluster = await openCluster('volumes-killed')
  await cluster.up()
  const layout = layoutOf(cluster.dataDir)
  const file = await readClusterFile(layout)
  assert.ok(file)
  log = await openEventStore(eventStoreUrl(layout, file), { name: 'volumes-killed' })
  api = openApi(cluster.dataDir)
})
after(async () => {
  api?.close()
  await log?.close()
  await cluster?.reset()
})

/** The log as it grows, through whatever becomes of the store; what the simulation asks of volumes is asked of it. */
class Onlooker {
  /** What is sealed in it is nothing to look at. */
  readonly history = new History(memoryVault('of nobody'))
  readonly lives: Life[] = []
  readonly #checker = volumes({ history: this.history, hostile: undefined, guard: call }, [])

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const next of log.follow(this.history.position, signal)) {
          if ('id' in next && !isSystemEvent(next)) this.#look(this.history.record(next))
        }
      } catch (error) {
        if (!isRefusal(error)) throw error
        await sleep(retryMs)
      }
    }
  }

  #look(recorded: Recorded): void {
    this.#checker.onRecorded?.(recorded)
    for (const life of this.lives) life.look(recorded)
  }
}

const call = (act: () => void) => act()

/**
 * A claim with its volume, made for it or by hand, and two pods that use it one after the other, from beginning to end.
 */
class Life {
  /** So many events were there of all these. */
  steps = 0
  readonly #name: string
  readonly #isByHand: boolean
  readonly #onlooker: Onlooker
  readonly #onStep: (step: number) => void
  #claimUid: string | undefined

  constructor(onlooker: Onlooker, { name, isByHand, onStep }: LifeOptions) {
    this.#onlooker = onlooker
    this.#name = name
    this.#isByHand = isByHand
    this.#onStep = onStep
    onlooker.lives.push(this)
  }

  look({ change }: Recorded): void {
    if (change === undefined) return
    const { kind, metadata, spec } = change.stored.object as PersistentVolume
    const isOwn =
      (kind === 'PersistentVolumeClaim' || kind === 'Pod') && metadata.name === this.#name
    if (isOwn && kind === 'PersistentVolumeClaim') this.#claimUid = metadata.uid
    const isOwnVolume = kind === 'PersistentVolume' && spec.claimRef?.uid === this.#claimUid
    if (isOwn || (isOwnVolume && this.#claimUid !== undefined)) this.#onStep(++this.steps)
  }

  /** Fails telling how all of it is, where it does not come to its end. */
  async live(): Promise<void> {
    try {
      await this.#live()
    } catch (error) {
      const { objects } = this.#onlooker.history
      const all = [
        objects.get(pods, 'default', this.#name)?.object,
        objects.get(persistentVolumeClaims, 'default', this.#name)?.object,
        ...objects.list(persistentVolumes).map(({ object }) => object),
      ]
      throw new Error(JSON.stringify(all, null, 2), { cause: error })
    }
  }

  async #live(): Promise<void> {
    const name = this.#name
    const { objects } = this.#onlooker.history
    if (this.#isByHand) await surely('POST', volumesPath, volumeByHand(name))
    await surely('POST', claimsPath, claimOf(name, this.#isByHand))
    const volume = () => objects.list(persistentVolumes).find(this.#isOwn)?.object
    const uids: string[] = []
    let directory = ''
    for (const _time of ['made', 'found again']) {
      await surely('POST', podsPath, podOf(name))
      const pod = () => objects.get(pods, 'default', name)?.object
      await untilSo(`${name} runs`, () => pod()?.status?.phase === 'Running')
      uids.push(pod()?.metadata.uid ?? '')
      const { local, hostPath } = volume()?.spec ?? {}
      directory = local?.path ?? hostPath?.path ?? assert.fail(`${name} runs without a volume`)
      await untilSo(`${name} has written`, () => linesIn(directory).includes(uids.at(-1) ?? ''))
      assert.deepEqual(linesIn(directory), uids, `what ${name} finds in its volume`)
      await surely('DELETE', `${podsPath}/${name}`)
      await untilSo(`${name} is gone`, () => pod() === undefined)
    }
    const { metadata } = volume() ?? assert.fail(`the volume of ${name} is lost`)
    await surely('DELETE', `${claimsPath}/${name}`)
    await untilSo(`the claim ${name} is gone`, () => {
      return objects.get(persistentVolumeClaims, 'default', name) === undefined
    })
    if (this.#isByHand) {
      assert.deepEqual(linesIn(directory), uids, 'what is made by hand is kept')
      await surely('DELETE', `${volumesPath}/${metadata.name}`)
    }
    await untilSo(`the volume of ${name} is gone`, () => {
      return objects.get(persistentVolumes, '', metadata.name) === undefined
    })
    if (!this.#isByHand) assert.ok(!existsSync(directory), `${directory} is left`)
  }

  readonly #isOwn = ({ object: { spec } }: { object: PersistentVolume }): boolean =>
    spec.claimRef?.uid === this.#claimUid
}

type LifeOptions = { name: string; isByHand: boolean; onStep(step: number): void }

/** Once one has failed no other goes on. */
const over = new AbortController()

const untilSo = (what: string, holds: () => boolean | Promise<boolean>) =>
  until(
    what,
    () => {
      over.signal.throwIfAborted()
      return holds()
    },
    lifeMsMax,
  )

/** The uids of the pods that have written there, each once. */
function linesIn(directory: string): string[] {
  const file = join(directory, 'lines')
  if (!existsSync(file)) return []
  return [...new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))]
}

const [claimsPath, podsPath] = ['persistentvolumeclaims', 'pods'].map(
  (plural) => `/api/v1/namespaces/default/${plural}`,
) as [string, string]
const volumesPath = '/api/v1/persistentvolumes'

/** Asks until it is so. */
function surely(method: 'POST' | 'DELETE', path: string, content?: object): Promise<void> {
  const wanted = method === 'POST' ? [201, 409] : [200, 202, 404]
  return untilSo(`${method} ${path} is answered`, async () => {
    const answer = await api.ask(method, path, content).catch(() => undefined)
    return answer !== undefined && wanted.includes(answer.code)
  })
}

const sizeAndMode = (storage: string) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage } },
})
const claimOf = (name: string, isByHand: boolean) => ({
  metadata: { name },
  spec: { ...sizeAndMode('1Mi'), storageClassName: isByHand ? '' : 'local-path' },
})
/** One is as good as another, so that claims take each other's. */
const volumeByHand = (name: string) => ({
  metadata: { name: `disk-${name}` },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Mi' },
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: join(cluster.dataDir, 'disks', name), type: 'DirectoryOrCreate' },
  },
})
const podOf = (name: string) => ({
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
    containers: [
      {
        name: 'c',
        image: 'busybox',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', 'echo $UID_OF_POD >> /data/lines; exec sleep 3600'],
        env: [{ name: 'UID_OF_POD', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
  },
})

/** Whether there was one to be killed: one that is being started again is as dead as can be. */
async function kill(name: string): Promise<boolean> {
  const { pid } = (await findProcess(layoutOf(cluster.dataDir), name)) ?? {}
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  return pid !== undefined
}

test('whoever is killed between any two steps of a volume: none is lost, none is leaked, none is bound twice', async (t) => {
  const onlooker = new Onlooker()
  const following = onlooker.follow(over.signal)
  const begin = (options: LifeOptions) => new Life(onlooker, options).live()

  const deaths: { process: string; step: number; isByHand: boolean }[] = []
  for (const isByHand of [false, true]) {
    let steps = 0
    const onStep = (step: number) => {
      steps = step
    }
    await begin({ name: `undisturbed-${isByHand ? 'by-hand' : 'made'}`, isByHand, onStep })
    for (let step = 1; step <= steps; step++) {
      for (const process of processes) deaths.push({ process, step, isByHand })
    }
  }
  const chosen = deaths.filter((_death, index) => index % everyNth === 0)
  const next = chosen.entries()
  const killed: Promise<boolean>[] = []
  const liveOn = async () => {
    for (const [index, { process, step, isByHand }] of next) {
      const onStep = (at: number) => {
        if (at === step) killed.push(kill(process))
      }
      await begin({ name: `life-${index}`, isByHand, onStep })
    }
  }
  const living = Promise.all(Array.from({ length: atATime }, liveOn))
  await Promise.race([living, following]).finally(() => over.abort())
  await following
  const count = (await Promise.all(killed)).filter(Boolean).length
  t.diagnostic(`${chosen.length} of ${deaths.length} lives, ${count} processes killed`)

  const { objects } = onlooker.history
  for (const kind of [persistentVolumes, persistentVolumeClaims]) {
    assert.deepEqual(objects.list(kind), [], kind.plural)
  }
  const kept = join(cluster.dataDir, 'processes', 'agent-node-1', 'volumes')
  assert.deepEqual(readdirSync(kept), [])
})
