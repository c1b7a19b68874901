import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn } from '@reckon/domain'
import { type TermBegan, termBeganIn } from '@reckon/eventing'
import { namespaces, nodes } from '@reckon/kubernetes'
import { Recorder } from '../histories/recorder.ts'
import { createCheckers } from './checkers/checkers.ts'
import { deploymentOf } from './clients/manifests.ts'
import { creation } from './clients/requests.ts'
import { clientIn } from './clients/simulated-client.ts'
import { Machine } from './machine.ts'
import { agentOn, apiOn, replicatorOn, schedulerOn } from './programs.ts'
import { World } from './world.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const seeds = isLong ? 200 : 8
const takenOverMsMax = 3_000
const apps = ['web', 'api', 'store']
const replicas = 20

test('a scheduler killed in the middle of a burst is followed by the one that stands by, within three seconds', async () => {
  for (let seed = 1; seed <= seeds; seed += 1) await takeOver(seed)
})

/**
 * No pod is placed twice, no node promised twice by one scheduler, and none runs more than it has: the checkers look
 * on.
 */
async function takeOver(seed: number): Promise<void> {
  const world = new World(seed)
  world.underWay.begin()
  try {
    await Burst.run(world, seed)
  } finally {
    for (const slot of world.slots) world.kill(slot)
    world.underWay.end()
  }
}

class Burst {
  readonly #world: World
  readonly #seed: number
  readonly #scheduled: { atMs: number; term: number }[] = []
  readonly #terms: TermBegan[] = []

  static run(world: World, seed: number): Promise<void> {
    return new Burst(world, seed).#run()
  }

  constructor(world: World, seed: number) {
    this.#world = world
    this.#seed = seed
  }

  async #run(): Promise<void> {
    const world = this.#world
    const machines = [1, 2, 3].map((index) => new Machine(world, { index, cpus: 4 }))
    const recorder = new Recorder()
    const checkers = createCheckers(world, { machines, recorder })
    world.observe([...checkers, { onRecorded: ({ event }) => this.#see(event) }])
    world.add(apiOn(1, world.nodeTimeouts))
    world.add(replicatorOn(1, world.nodeTimeouts))
    for (const machine of [1, 2]) world.add(schedulerOn(machine))
    for (const machine of machines) world.add(agentOn(machine, false))
    await this.#until('nodes are there, and the api listens', () => {
      const { objects } = world.history
      const isFounded = objects.get(namespaces, '', 'default') !== undefined
      const isListening = world.slots.some(({ shown }) => shown?.app !== undefined)
      const areThere = objects.list(nodes).length === machines.length
      return isFounded && isListening && areThere && this.#terms.length > 0
    })
    const client = clientIn({ world, recorder, onHeard: () => {} }, 'client')
    for (const name of apps) {
      const ref = { resource: 'deployments.apps', namespace: 'default', name }
      const token = client.nextToken()
      const object = deploymentOf(ref, { cpu: '100m', replicas })
      void client.ask({ verb: 'create', ref, token }, creation(ref, object, token))
    }
    await this.#until('the burst has begun', () => this.#scheduled.length > 5)
    const active = world.slots.find(({ program }) => program.name === this.#terms.at(-1)?.holder)
    assert.ok(active)
    world.kill(active)
    const [killedAtMs, killed] = [world.timeline.nowMs, this.#terms.length]
    const isOfNext = ({ term }: { term: number }) => term > killed
    await this.#until('it goes on', () => this.#scheduled.some(isOfNext))
    const gapMs = (this.#scheduled.find(isOfNext)?.atMs ?? 0) - killedAtMs
    assert.ok(gapMs <= takenOverMsMax, `seed ${this.#seed}: placement goes on after ${gapMs} ms`)
    const all = apps.length * replicas
    await this.#until('all are placed', () => this.#scheduled.length >= all)
    for (const checker of checkers) await checker.onSecond?.()
  }

  #see({
    type,
    stream,
    data,
    id,
  }: Parameters<typeof changedIn>[0] & { type: string; stream: string }) {
    const { decision } = type === 'PodScheduled' ? changedIn({ id, data }) : {}
    if (decision) this.#scheduled.push({ atMs: this.#world.timeline.nowMs, term: decision.term })
    if (stream === 'terms-scheduler') this.#terms.push(termBeganIn(data))
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const { timeline } = this.#world
    const hasFailed = () => this.#world.failure !== undefined
    await timeline.runUntil(timeline.nowMs + 120_000, () => hasFailed() || holds())
    if (hasFailed()) throw this.#world.failure
    assert.ok(holds(), `seed ${this.#seed}: waited in vain until ${what}`)
  }
}
