import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { followReadme } from './follow-readme.ts'

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('guestbook')
  await cluster.up('--example')
})
after(() => cluster?.reset())

const page = 'http://127.0.0.1:30001/guestbook.php?key=messages'

async function podsOf(name: string): Promise<readonly Pod[]> {
  return (await cluster.json<{ items: Pod[] }>('get', 'pods', '-l', `name=${name}`)).items
}

async function allReady(): Promise<void> {
  const names = 'name in (redis-master, redis-slave, frontend)'
  await cluster.kubectl('wait', 'pods', '-l', names, '--for=condition=Ready', '--timeout=60s')
}

const entriesAre = (wanted: string) =>
  until(`the entries are "${wanted}"`, async () => {
    const { body } = await get(`${page}&cmd=get`)
    return body.includes(`"${wanted}"`)
  })

test('an entry that was posted is read back through the slaves, at the node port and by hostname', async () => {
  await allReady()
  assert.match((await get(`${page}&cmd=set&value=Hello`)).body, /Updated/)
  await entriesAre('Hello')
  const slaves = await podsOf('redis-slave')
  assert.equal(slaves.length, 2)
  for (const { metadata } of slaves) {
    const [said, variables] = await Promise.all([
      cluster.kubectl('exec', metadata.name, '--', 'redis-cli', 'get', 'messages'),
      cluster.kubectl('exec', metadata.name, '--', 'redis-cli', 'info', 'replication'),
    ])
    assert.equal(said.trim(), 'Hello')
    const master = await cluster.json<{ spec: { clusterIP: string } }>(
      ...['get', 'service', 'redis-master'],
    )
    assert.ok(variables.includes(`master_host:${master.spec.clusterIP}`), variables)
  }
  const { ingressHttp } = cluster.readCluster().ports
  await until('the page is there by hostname', async () => {
    const { body } = await get(`http://127.0.0.1:${ingressHttp}/`, 'guestbook.localhost')
    return body.includes('Guestbook')
  })
})

test('ten minutes of a tour, command by command, print what it tells', () =>
  followReadme('docs/tour.md', cluster))

test('its README, command by command, prints what it tells: front ends that look names up among it, and slaves that come later', () =>
  followReadme('examples/guestbook/README.md', cluster))
