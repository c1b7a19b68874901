import { randomUUID } from 'node:crypto'
import { Objects, type StoredObject } from '@reckon/domain'
import type { Actor, Metadata } from '@reckon/eventing'
import { configMaps, type Resource, secrets } from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'
import { configMap, inDefault, type startedApi } from '../api.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>

/** Numbers that are the same each time. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

const secret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: { k: 'v' },
})

/**
 * Some objects created, changed and deleted in turn, as a seed says; some more often than lies between whole records.
 */
export async function writeHistory(api: Api, seed: number, writes: number): Promise<void> {
  const below = numbersOf(seed)
  const type = 'application/merge-patch+json'
  for (let i = 0; i < writes; i++) {
    const name = `n${below(4)}`
    const isSecret = below(4) === 0
    const path = inDefault(isSecret ? 'secrets' : 'configmaps')
    const values = { k: `v${i}` }
    const body = isSecret ? { stringData: values } : { data: values }
    const { code } = await api.ask('PATCH', `${path}/${name}`, { type, body })
    if (code === 404) {
      await api.ask('POST', path, { body: isSecret ? secret(name) : configMap(name) })
    } else if (below(90) === 0) await api.ask('DELETE', `${path}/${name}`)
  }
}

/** Of each position what a fresh fold up to there has, opened with the keys that are still there. */
export async function* foldsOf(
  api: Api,
): AsyncGenerator<{ position: bigint; list(resource: Resource): StoredObject[] }> {
  const { log, objects: present } = api.ports
  const folded = new Objects(createVault(new Uint8Array(32)))
  for (const key of present.keys.snapshot()) folded.keys.restore(key)
  for await (const event of log.readAll()) {
    folded.apply(event)
    yield { position: event.position, list: (resource) => folded.list(resource) }
  }
}

export const resources: readonly Resource[] = [configMaps, secrets]

/** So many changes of ConfigMaps that an api no longer remembers what was before them. */
export async function fillWithChanges(api: Api): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const events = Array.from({ length: 500 }, () => ({
      id: randomUUID(),
      type: 'ConfigMapChanged',
      data: { patch: [] },
      metadata: metadataOf({ user: 'test' }),
    }))
    await api.ports.log.append('configmaps-default/c', 'Any', events)
  }
  await api.ports.reader.waitForHead(5000)
}

const metadataOf = (actor: Actor): Metadata => ({
  actor,
  verb: 'patch',
  time: '2026-01-01T00:00:00.000Z',
  $correlationId: 'test',
})
