import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects, type QuotaClaim } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { type KubernetesObject, StatusError } from '@reckon/kubernetes'
import { ClaimQueue } from './claim-queue.ts'
import { KnownQuotas } from './known-quotas.ts'

const few: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'few', namespace: 'team', uid: 'q' },
  spec: { hard: { pods: '3' } },
}
const claim = (name: string): QuotaClaim => ({
  ...{ stream: `pods-team/${name}`, uid: name, attempt: 'a' },
  amounts: { few: { pods: '1' } },
})
const origin = { actor: { user: 'jane' }, verb: 'create' }

/** A process that claims in this log, in which every attempt to append is noted. */
function claiming(log: EventLog) {
  const view = new Objects()
  const made = { stream: 'resourcequotas-team/few', revision: 0n, position: 1n }
  view.apply({
    id: 'q',
    type: 'ResourceQuotaCreated',
    data: { object: few },
    ...made,
    metadata: undefined,
  })
  const known = new KnownQuotas(view)
  const queue = new ClaimQueue(known)
  const appended: number[] = []
  let ids = 0
  const ports = {
    clock: { now: () => 0, sleep: async () => {} },
    ids: { next: () => crypto.randomUUID(), below: () => ids++ },
    log: {
      ...{ readStream: log.readStream.bind(log) },
      append(...given: Parameters<EventLog['append']>) {
        appended.push(given[2].length)
        return log.append(...given)
      },
    } as EventLog,
  }
  const ask = (name: string, type: 'Reserve' | 'Release' = 'Reserve') =>
    queue.ask(ports, 'team', {
      origin,
      command: type === 'Reserve' ? { type, claim: claim(name) } : { type, holder: claim(name) },
    })
  const claimed = () => known.claimed('team').claims.map(({ uid }) => uid)
  return { ask, appended, claimed, ports }
}

test('what is asked while another claim is recorded goes together, and none beyond the quota', async () => {
  const { ask, appended, claimed } = claiming(createMemoryEventLog())
  const refusals = await Promise.all(['a', 'b', 'c', 'd'].map((name) => ask(name)))
  assert.deepEqual(refusals.slice(0, 3), [undefined, undefined, undefined])
  assert.match(refusals[3] ?? '', /^exceeded quota: few, /)
  assert.deepEqual(
    [appended, claimed()],
    [
      [1, 2],
      ['a', 'b', 'c'],
    ],
  )
})

test('what changes nothing is not recorded', async () => {
  const { ask, appended } = claiming(createMemoryEventLog())
  await ask('a')
  assert.equal(await ask('a'), undefined)
  assert.equal(await ask('b', 'Release'), undefined)
  assert.deepEqual(appended, [1])
  await ask('a', 'Release')
  assert.deepEqual(appended, [1, 1])
})

test('where another process was first what it claimed counts, and it is decided again', async () => {
  const log = createMemoryEventLog()
  const [one, other] = [claiming(log), claiming(log)]
  for (const name of ['a', 'b']) await other.ask(name)
  assert.equal(await one.ask('c'), undefined)
  assert.deepEqual(
    [one.appended, one.claimed()],
    [
      [1, 1],
      ['a', 'b', 'c'],
    ],
  )
  assert.match((await other.ask('d')) ?? '', /^exceeded quota/, 'the other has read it by then')
})

test('where the log fails who asked is told, and the next one is answered', async () => {
  const { ask, ports, claimed } = claiming(createMemoryEventLog())
  const { append } = ports.log
  ports.log.append = async () => {
    throw new StatusError('ServiceUnavailable', 'the store is away')
  }
  await assert.rejects(ask('a'), /the store is away/)
  ports.log.append = append
  assert.equal(await ask('b'), undefined)
  assert.deepEqual(claimed(), ['b'])
})

test('who is never first gives up', async () => {
  const { ask, ports } = claiming(createMemoryEventLog())
  let tries = 0
  ports.log.append = async () => {
    tries += 1
    return { recorded: false, actual: 0n }
  }
  await assert.rejects(ask('a'), /stream "quotas-team" is being changed by too many at once/)
  assert.equal(tries, 16)
})
