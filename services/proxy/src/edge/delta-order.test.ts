import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '@reckon/kubernetes/random'
import { DeltaStream } from './delta-stream.ts'
import { ImitatedEnvoy } from './imitated-envoy.fixture.ts'
import { ResourceTable, scopeType } from './resource-table.ts'

const apps = 12
const scopes = 3
const steps = 400

/** Applications come, change and go, several at a time, while Envoy is as far behind as it likes. */
function run(seed: number): void {
  const random = new Random(seed)
  const table = new ResourceTable()
  const envoy = new ImitatedEnvoy()
  const stream = new DeltaStream({
    table,
    send: (response) => envoy.inbox.push(response),
    onAnswered: () => {},
  })
  /** By app, the versions of its cluster and of its endpoints. */
  const there = new Map<string, { cluster: number; endpoints: number }>()
  /** By version of a scope, the clusters to which its routes lead. */
  const leads = new Map<string, readonly string[]>()

  const change = () => {
    for (let count = random.below(3); count >= 0; count--) {
      const name = `app-${random.below(apps)}`
      const known = there.get(name)
      if (known === undefined)
        there.set(name, { cluster: random.below(2), endpoints: random.below(9) })
      else if (random.chance(0.4)) there.delete(name)
      else if (random.chance(0.2)) known.cluster++
      else known.endpoints++
    }
    const made = (text: string) => {
      return { '@type': text, name: text, route_configuration: { virtual_hosts: [] } }
    }
    const names = [...there.keys()].sort()
    const scopeOf = (name: string) => `s${Number(name.slice(4)) % scopes}`
    table.replace({
      clusters: new Map([...there].map(([name, { cluster }]) => [name, made(`${cluster}`)])),
      endpoints: new Map([...there].map(([name, { endpoints }]) => [name, made(`${endpoints}`)])),
      scopes: new Map(
        [...Map.groupBy(names, scopeOf)].map(([scope, led]) => [scope, made(led.join())]),
      ),
      certificates: new Map(),
    })
    for (const [scope, led] of Map.groupBy(names, scopeOf)) {
      leads.set(table.find(scopeType, scope)?.version ?? '', led)
    }
    stream.push()
  }
  const hear = () => {
    const request = envoy.outbox.shift()
    if (request) stream.receive(request)
  }
  const read = () => {
    envoy.read()
    for (const version of envoy.scopes.values()) {
      const lost = leads.get(version)?.filter((name) => !envoy.clusters.get(name))
      assert.deepEqual(lost, [], `seed ${seed}: a route leads to clusters without endpoints`)
    }
  }
  for (let step = 0; step < steps; step++) [change, read, read, hear, hear][random.below(5)]?.()
  while (envoy.inbox.length + envoy.outbox.length > 0) {
    read()
    hear()
  }
  assert.ok(stream.isSettled(), `seed ${seed}: something is awaited for ever`)
  assert.deepEqual([...envoy.clusters.keys()].sort(), [...there.keys()].sort())
  const versions = [...table.of(scopeType)].map(([name, { version }]) => [name, version])
  assert.deepEqual(Object.fromEntries(envoy.scopes), Object.fromEntries(versions))
}

test('whatever comes, changes and goes, no route leads to a cluster whose endpoints Envoy has not', () => {
  for (let seed = 1; seed <= 60; seed++) run(seed)
})
