import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { helms, withoutHelm } from '../helm.ts'
import { openCluster, type TestCluster } from './cluster.ts'

const run = promisify(execFile)

test('the chart that `helm create` makes is installed, upgraded, rolled back and uninstalled', {
  skip: withoutHelm,
}, async (t) => {
  const cluster = await openCluster('helm')
  const folder = await mkdtemp(join(tmpdir(), 'reckon-helm-'))
  t.after(async () => {
    await cluster.reset()
    await rm(folder, { recursive: true, force: true })
  })
  await cluster.up('--nodes', '2', '--runtime', 'simulated')
  for (const { version, path } of helms) {
    await t.test(`by Helm ${version}`, () => takeTour(path, join(folder, version), cluster))
  }
})

async function takeTour(path: string, folder: string, cluster: TestCluster): Promise<void> {
  await mkdir(folder)
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder }
  const env = { ...cluster.env, ...homes }
  const helm = async (...args: string[]): Promise<string> =>
    (await run(path, args, { cwd: folder, env, timeout: 120_000 })).stdout
  const replicas = () =>
    cluster.kubectl('get', 'deploy', 'web-chart', '-o', 'jsonpath={.status.readyReplicas}')

  await helm('create', 'chart')
  const waiting = ['--wait', '--timeout', '60s']
  assert.match(await helm('install', 'web', 'chart', ...waiting), /STATUS: deployed/)
  assert.equal(await replicas(), '1')
  const upgraded = await helm('upgrade', 'web', 'chart', '--set', 'replicaCount=3', ...waiting)
  assert.match(upgraded, /REVISION: 2/)
  assert.equal(await replicas(), '3')
  const scaled = await helm('upgrade', 'web', 'chart', '--set', 'autoscaling.enabled=true')
  assert.match(scaled, /REVISION: 3/)
  await cluster.kubectl('get', 'hpa', 'web-chart')
  assert.match(await helm('rollback', 'web', '1', ...waiting), /Rollback was a success/)
  assert.equal(await replicas(), '1')
  const history = await helm('history', 'web')
  assert.match(history, /2 .*superseded.*Upgrade complete\s*\n3 .*\n4 .*deployed.*Rollback to 1/)
  assert.match(await helm('list'), /web\s+default\s+4 .*deployed/)
  assert.match(await helm('uninstall', 'web', '--wait'), /release "web" uninstalled/)
  assert.equal(await cluster.kubectl('get', 'deploy,hpa,secret', '-o', 'name'), '')
}
