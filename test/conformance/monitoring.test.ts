import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type MonitoringOptions, startMonitoring } from '@reckon/examples/monitoring'
import { findProcess } from '@reckon/supervisor'
import type { LiveCluster } from '../chaos/live-cluster.ts'
import { root } from '../run-tests.ts'
import { missingKubePrometheus, writeKubePrometheusRules } from './kube-prometheus.ts'
import { metricsIn } from './metrics-in.ts'
import { type Asked, askedByBoards, missingPrometheus, PrometheusApi } from './prometheus.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const skip = isLong ? await missingPrometheus() : 'only at full length: it takes a minute'
const untilMsMax = 60_000
/** The api twice, each of two nodes twice, five processes, and a node-exporter that need not be there. */
const targetsMin = 12
/** What there is of it tells that something is wrong. */
const inTrouble = [
  'kube_pod_container_status_waiting_reason',
  'kube_job_failed',
  'kube_node_spec_taint',
]
/**
 * What is so: alerts arrive, no node-exporter runs, and a pod waits for more memory than there is; nothing else is
 * amiss.
 */
const alertsExpected = ['KubeMemoryOvercommit', 'KubePodNotReady', 'TargetDown', 'Watchdog']
/** Empty as long as no request was redirected or failed. */
const ofFailures = /code=~"[35]\.\."|burnrate/
const run = promisify(execFile)

test('a real Prometheus answers what our rules and boards ask, but for what compatibility.md lists', {
  skip,
}, async (t) => {
  const { prometheus, workDir, env } = await startMonitored(t)
  for (const { url } of await prometheus.targets()) {
    if (!isNodeExporter(url))
      await checkMetrics(url, await readFile(join(workDir, 'token'), 'utf8'))
  }
  await untilAnswered(prometheus, env, await askedByBoards())
})

test("it answers kube-prometheus' own rules, but for what compatibility.md lists, and alerts of what is amiss alone", {
  skip: skip || missingKubePrometheus(),
}, async (t) => {
  const rules = await mkdtemp(join(tmpdir(), 'reckon-rules-'))
  t.after(() => rm(rules, { recursive: true }))
  await writeKubePrometheusRules(rules)
  const { prometheus, env, cluster } = await startMonitored(t, { rules })
  await untilAnswered(prometheus, env, [], (expression) => !ofFailures.test(expression))
  const alerting = (await prometheus.rules()).filter(({ isAlerting }) => isAlerting)
  assert.deepEqual(alerting.map(({ by }) => by).sort(), alertsExpected)
  // What share of the requests has failed is told, as upstream's is, once there is one that has.
  await failForOnce(cluster, env)
  await untilAnswered(prometheus, env, [])
})

/** A read and a write are asked for while the event store does not answer. */
async function failForOnce(cluster: LiveCluster, env: NodeJS.ProcessEnv): Promise<void> {
  const store = await findProcess(cluster.layout, 'event-store')
  assert.ok(store)
  process.kill(store.pid, 'SIGSTOP')
  try {
    const asked = [
      ['get', 'configmap', 'written-0'],
      ['create', 'configmap', 'unwritten'],
    ]
    await Promise.all(asked.map((each) => assert.rejects(run('kubectl', each, { env }))))
  } finally {
    process.kill(store.pid, 'SIGCONT')
  }
}

/** A Prometheus that scrapes a simulated cluster every second, with our rules or those of a folder. */
async function startMonitored(t: TestContext, rules: Pick<MonitoringOptions, 'rules'> = {}) {
  const simulated = await startSimulatedCluster()
  t.after(() => simulated.stop())
  const [found] = await simulated.shells()
  assert.ok(found)
  const { folder, env } = found.shell
  await run('kubectl', ['apply', '-f', join(import.meta.dirname, 'monitored.yaml')], { env })
  const { dataDir } = simulated.cluster.layout
  const ports = { metrics: await freePort(), prometheus: await freePort() }
  const workDir = join(folder, 'monitoring')
  const where = { dataDir, workDir, ports, ...rules }
  const { children } = await startMonitoring({ ...where, interval: '1s', env })
  const watch = spawn('kubectl', ['get', 'pods', '--watch'], { env, stdio: 'ignore' })
  t.after(async () => {
    const all = [watch, ...children]
    const ends = all.map((child) => child.exitCode === null && once(child, 'exit'))
    for (const child of all) child.kill()
    await Promise.all(ends)
  })
  const prometheus = new PrometheusApi(ports.prometheus)
  await until('every target is up', async () => {
    const targets = await prometheus.targets()
    const down = targets.filter(({ health, url }) => health !== 'up' && !isNodeExporter(url))
    return targets.length >= targetsMin
      ? down.map(({ url, problem }) => `${url}: ${problem}`)
      : ['too few']
  })
  return { prometheus, workDir, env, cluster: simulated.cluster }
}

/**
 * Resolves once each of Prometheus' rules, and of these queries, has a series for each metric that is not listed; of
 * rules those whose expressions count.
 */
async function untilAnswered(
  prometheus: PrometheusApi,
  env: NodeJS.ProcessEnv,
  asked: readonly Asked[],
  counts = (_expression: string) => true,
): Promise<void> {
  const listed = await listedMetrics()
  let written = 0
  await until('every question is answered', async () => {
    // Of what does not change there is no rate.
    await run('kubectl', ['create', 'configmap', `written-${written++}`], { env })
    const rules = (await prometheus.rules()).filter(({ expression }) => counts(expression))
    const names = await prometheus.names()
    const problems = rules.filter(({ problem }) => problem !== '').map(({ by }) => `${by} fails`)
    const unknown = [...rules, ...asked].flatMap(({ by, expression }) =>
      metricsIn(expression)
        .filter((name) => !names.has(name) && !listed(name) && !inTrouble.includes(name))
        .map((name) => `${by}: ${name}`),
    )
    // Nothing is wrong, so that nobody is alerted.
    const answered = [...rules.filter(({ isAlert }) => !isAlert), ...asked]
    const empty = await Promise.all(
      answered.map(async ({ by, expression }) => {
        if (metricsIn(expression).some(listed)) return []
        return (await prometheus.count(expression)) ? [] : [`${by} is empty`]
      }),
    )
    return rules.length > 30 ? [...problems, ...unknown, ...empty.flat()] : ['too few rules']
  })
}

const isNodeExporter = (url: string): boolean => url.includes(':9100/')

/** What promtool has against the figures at an address; it names each. */
async function checkMetrics(url: string, token: string): Promise<void> {
  const figures = await run(
    'curl',
    ['--silent', '--insecure', '--header', `Authorization: Bearer ${token}`, url],
    { maxBuffer: 1 << 26 },
  )
  const promtool = spawn('promtool', ['check', 'metrics'])
  promtool.stdin.end(figures.stdout)
  const said = await Promise.all([text(promtool.stdout), text(promtool.stderr)])
  assert.equal(said.join('').trim(), '', url)
}

/** Resolves once nothing is left of what keeps it from being so. */
async function until(what: string, leftOf: () => Promise<readonly string[]>): Promise<void> {
  let left: readonly string[] = []
  for (const endMs = performance.now() + untilMsMax; performance.now() < endMs; ) {
    left = await leftOf().catch((error: Error) => [error.message])
    if (left.length === 0) return
    await after(500)
  }
  assert.fail(`${what}: not after ${untilMsMax} ms, because\n${left.join('\n')}`)
}

/** Which metrics are listed as absent, by the beginnings of their names. */
async function listedMetrics(): Promise<(name: string) => boolean> {
  const document = await readFile(join(root, 'docs/compatibility.md'), 'utf8')
  const [, section = ''] = /^## Metrics\n(.*?)^## /ms.exec(document) ?? []
  const rows = [...section.matchAll(/^\| `([^|]*)` \|/gm)]
  const listed = rows.flatMap(([, names = '']) => names.split('`, `'))
  assert.ok(listed.length > 0)
  return (name) => listed.some((each) => name.startsWith(each))
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  server.close()
  return address.port
}
