import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { configMap, deployment } from '@reckon/api/fixture'
import { informerPath, isClientGoBuilt } from '../client-go.ts'
import { helmPath, withoutHelm } from '../helm.ts'
import { startKubectlApi } from './kubectl-api.ts'
import { ToldLines } from './told-lines.ts'

const run = promisify(execFile)

let started: Awaited<ReturnType<typeof startKubectlApi>>
before(async () => {
  started = await startKubectlApi()
})
after(() => started?.stop())

/** Where the past of this very moment is served. */
async function here(): Promise<string> {
  const told = await started.kubectl('get', '--raw', '/apis/history.reckon.dev/v1/position')
  const { position }: { position: string } = JSON.parse(told)
  return `/at/${position}`
}

test('kubectls look around at a moment as they do now, and are told what is not recorded', async () => {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  }
  await started.kubectl('create', '-f', await started.manifest(deployment('web')))
  await started.kubectl('create', '-f', await started.manifest(pod))
  const then = `--server=${started.server}${await here()}`
  await started.kubectl('scale', 'deploy/web', '--replicas=3')
  const wanted = await started.manifest(deployment('web', 7))
  for (const { version, kubectl } of started.kubectls('1.27', '1.33')) {
    const told = async (...args: string[]) => kubectl(then, ...args)
    const unrecorded = [
      ...[
        ['top', 'pods'],
        ['logs', 'p'],
        ['attach', 'p'],
      ],
      ['exec', 'p', '--', 'ls'],
    ]
    for (const args of unrecorded) {
      assert.match(await told(...args), /this is not recorded/, `${version}: ${args.join(' ')}`)
    }
    assert.match(await told('api-resources', '--api-group=apps'), /deployments +deploy +apps\/v1/)
    assert.match(await told('explain', 'deploy.spec.replicas'), /replicas <integer>/)
    assert.match(await told('auth', 'can-i', 'create', 'pods'), /yes/)
    const watched = await told('get', 'deploy', '-A', '-w', '--request-timeout=1s')
    assert.match(watched, /default +web +0\/1 /)
    assert.match(await told('describe', 'deploy', 'web'), /Replicas: +1 desired/)
    assert.match(await told('diff', '-f', wanted), /- {2}replicas: 1\n\+ {2}replicas: 7/)
    const tried = await told('apply', '--dry-run=server', '-f', wanted)
    assert.match(tried, /web configured \(server dry run\)/)
    for (const args of [
      ['delete', 'pod', 'p'],
      ['apply', '-f', wanted],
    ]) {
      assert.match(await told(...args), /the past does not change/, version)
    }
  }
})

test('helm tells of a moment which releases there were, and changes nothing there', {
  skip: withoutHelm,
}, async () => {
  const { folder } = started
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder }
  const helmAt = async (prefix: string, ...args: string[]): Promise<string> => {
    const env = { ...process.env, ...homes, KUBECONFIG: await started.kubeconfig(prefix) }
    return (await run(helmPath ?? '', args, { cwd: folder, env })).stdout
  }
  await helmAt('', 'create', 'chart')
  await helmAt('', 'install', 'web', 'chart')
  await helmAt('', 'upgrade', 'web', 'chart', '--set', 'replicaCount=2')
  const then = await here()
  await helmAt('', 'upgrade', 'web', 'chart', '--set', 'replicaCount=3')
  assert.match(await helmAt('', 'list'), /web\s+default\s+3 /)
  assert.match(await helmAt(then, 'list'), /web\s+default\s+2 .*deployed/)
  assert.match(await helmAt(then, 'history', 'web'), /1 .*superseded.*\n2 .*deployed[^\n]*\n$/)
  assert.match(await helmAt(then, 'status', 'web'), /REVISION: 2/)
  assert.match(await helmAt(then, 'get', 'values', 'web'), /replicaCount: 2/)
  await assert.rejects(helmAt(then, 'rollback', 'web', '1'), /the past does not change/)
})

test('an informer of client-go has what was there, and hears of nothing else', {
  skip: isClientGoBuilt() ? false : 'needs client-go: `node test/client-go.ts` builds it',
}, async (t) => {
  await started.kubectl('create', '-f', await started.manifest(configMap('then')))
  const kubeconfig = await started.kubeconfig(await here())
  await started.kubectl('create', '-f', await started.manifest(configMap('since')))
  const child = spawn(informerPath, [kubeconfig, 'default'])
  t.after(() => child.kill())
  const told = new ToldLines()
  createInterface(child.stdout).on('line', (line) => told.tell(line))
  await told.until('SYNCED')
  await told.until('ADDED then v')
  assert.ok(!told.lines.some((line) => line.includes('since')))
})
