import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Pod } from '@reckon/kubernetes'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { followReadme } from './follow-readme.ts'
import { layClone } from './laid-reckon.ts'

/** How often each process is killed. */
const rounds = process.env.RECKON_TEST_LONG === '1' ? 5 : 1
const askEveryMs = 20

let cluster: TestCluster
/** What `npm start` said. */
let said: string
/** Somebody else's program, which listens where the page is to be. */
const other = createServer((socket) => socket.end('other'))
before(async () => {
  other.listen(30001, '127.0.0.1')
  cluster = await openCluster('guest book')
  said = await npmStart()
})
after(() => {
  other.close()
  return cluster?.reset()
})

/** The one command of a newcomer, in a clone whose path has a space. */
async function npmStart(): Promise<string> {
  const { RECKON_E2E_FOLDER: folder = '', RECKON_E2E_DOCKER: dockerSocket = '' } = process.env
  const clone = join(folder, 'a clone')
  layClone(clone)
  const own = join(folder, '.local', 'bin')
  mkdirSync(own, { recursive: true })
  const env = {
    ...process.env,
    ...{ HOME: folder, PATH: `${own}:${process.env.PATH}`, DOCKER_HOST: `unix://${dockerSocket}` },
  }
  const where = ['--detach', '--data-dir', cluster.dataDir, '--docker-host', dockerSocket]
  const { stdout, stderr } = await promisify(execFile)('npm', ['start', '--', ...where], {
    cwd: clone,
    env,
  })
  return `${stderr}${stdout}`
}

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

test('npm start tells how far it is, who else listens at a port of its page, and in words that a shell takes what to try', async () => {
  assert.match(said, /example +\| replicationcontroller\/frontend created/)
  assert.match(said, /port 30001, too: .* "kubectl delete -f examples\/guestbook" gives it back/)
  assert.match(said, /example +\| its page answers/)
  const exports = said.match(/^ +export .*$/gm) ?? []
  const shell = ['-ec', [...exports, `${cluster.kubectlPath} get rc -o name`].join('\n')]
  const { stdout } = await promisify(execFile)('sh', shell)
  assert.match(stdout, /frontend/)
  const names = (await cluster.docker.listContainers()).flatMap(({ Names }) => Names)
  for (const part of ['POD', 'frontend']) {
    assert.ok(
      names.some((name) => name.startsWith(`/k8s_${part}_frontend-`)),
      names.join(' '),
    )
  }
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

/** Posts an entry and reads one, again and again; what fails is told with what was killed last. */
function writeOnAndOn(page: string, host?: string) {
  const failed: string[] = []
  let [killed, isOver, asked, acknowledged] = ['none', false, 0, 0]
  const ask = async (what: string, answer: RegExp) => {
    const { code, body } = await get(`${page}&cmd=${what}`, host)
    asked++
    const isAnswered = code === 200 && answer.test(body)
    if (!isAnswered) failed.push(`${killed}: ${what}, ${code} ${body}`)
    return isAnswered
  }
  const working = (async () => {
    for (let entry = 1; !isOver; entry++) {
      if (await ask(`set&value=${entry}`, /Updated/)) acknowledged = entry
      await ask('get', /"data":/)
      await sleep(askEveryMs)
    }
  })()
  return {
    isKilled: (name: string) => {
      killed = name
    },
    isAnswered: () => get(`${page}&cmd=get`, host).then(({ code }) => code === 200),
    end: async () => {
      isOver = true
      await working
      return { failed, asked, acknowledged }
    },
  }
}

/** kill -9, until it is back. */
async function killProcess(name: string): Promise<void> {
  const find = async () =>
    (await cluster.status()).processes.find((process) => process.name === name)
  const pid = (await find())?.pid
  assert.ok(pid, `${name} runs`)
  process.kill(pid, 'SIGKILL')
  await until(`${name} is back`, async () => {
    const found = await find()
    return found?.pid !== undefined && found.pid !== pid && /Ready|Running/.test(found.state)
  })
}

test('whatever process is killed, it comes back; the containers stay, no entry is lost, and no request fails but by the death of Envoy itself', async (t) => {
  const names = (await cluster.status()).processes.map(({ name }) => name)
  const containerIds = async () => (await cluster.containers()).map(({ Id }) => Id).sort()
  const before = await containerIds()
  const { ingressHttp } = cluster.readCluster().ports
  const byHost = `http://127.0.0.1:${ingressHttp}/guestbook.php?key=byhost`
  const loops = [writeOnAndOn(page), writeOnAndOn(byHost, 'guestbook.localhost')] as const
  const recorded: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      for (const { isKilled } of loops) isKilled(name)
      await killProcess(name)
      await until(`the page answers after ${name}`, async () =>
        (await Promise.all(loops.map(({ isAnswered }) => isAnswered()))).every(Boolean),
      )
      const record = `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}-${round}}}`
      await until('writes are accepted', () =>
        cluster.apply(record).then(
          () => true,
          () => false,
        ),
      )
      recorded.push(`configmap/${name}-${round}`)
    }
  }
  const [atPort, atEdge] = await Promise.all([loops[0].end(), loops[1].end()])
  t.diagnostic(
    `${names.join()}, ${rounds} times each: ${atPort.asked} and ${atEdge.asked} requests`,
  )
  assert.deepEqual(atPort.failed, [])
  assert.deepEqual(
    atEdge.failed.filter((failure) => !failure.startsWith('envoy: ')),
    [],
  )
  await entriesAre(`${atPort.acknowledged}`)
  assert.deepEqual(await containerIds(), before)
  const listed = (await cluster.kubectl('get', 'configmaps', '-o', 'name')).split('\n')
  for (const name of recorded) assert.ok(listed.includes(name), name)
})

test('ten minutes of a tour, command by command, print what it tells', () =>
  followReadme('docs/tour.md', cluster))

test('its README, command by command, prints what it tells: front ends that look names up among it, and slaves that come later', () =>
  followReadme('examples/guestbook/README.md', cluster))
