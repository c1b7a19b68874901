import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findKubectls } from '@reckon/bootstrap'
import { until } from './cluster.ts'
import { openSystemdMachine, type SystemdMachine } from './systemd-machine.ts'

const dataDir = '/var/lib/reckon'
const here = ['--data-dir', dataDir]
/** What has joined from elsewhere is beside it: a machine of systemd is one as well as another. */
const joined = ['--data-dir', '/var/lib/reckon-w1']
const simulated = ['--detach', '--runtime', 'simulated']

let machine: SystemdMachine
before(async () => {
  machine = openSystemdMachine()
  await machine.boot()
})
after(() => machine?.close())

const [newest] = await findKubectls()
const kubectl = [newest?.path ?? 'kubectl', '--kubeconfig', `${dataDir}/kubeconfig`]
const untilNodesAreReady = () =>
  until('both nodes are Ready', async () => {
    const nodes = await machine.run(...kubectl, 'get', 'nodes').catch(String)
    return ['node-1', 'w1'].every((name) => new RegExp(`^${name} +Ready`, 'm').test(nodes))
  })

type Status = { processes: { name: string; pid?: number }[] }
async function pids(): Promise<string> {
  const { processes } = JSON.parse(
    await machine.run('reckon', 'status', ...here, '-o', 'json'),
  ) as Status
  return processes.map(({ name, pid }) => `${name} ${pid}`).join()
}

test('a cluster and a machine of one whose services are installed are handed over to systemd, and come back with the machine', async () => {
  await machine.run('reckon', 'up', ...simulated, '--advertise', '127.0.0.1', ...here)
  const line = (await machine.run('reckon', 'token', 'create', ...here)).trim().split(' ')
  await machine.run(...line, ...simulated, '--node-name', 'w1', ...joined)
  await machine.run('reckon', 'service', 'install', ...here)
  await machine.run('reckon', 'service', 'install', '--unit', 'reckon-w1', ...joined)
  for (const each of [joined, here]) await machine.run('reckon', 'down', ...each)
  await machine.run('systemctl', 'start', 'reckon', 'reckon-w1')
  await untilNodesAreReady()
  await machine.run(...kubectl, 'create', 'namespace', 'kept')
  await machine.cutPower()
  await machine.boot()
  await untilNodesAreReady()
  assert.match(await machine.run(...kubectl, 'get', 'namespaces'), /^kept /m)
})

test('a supervisor that is killed is started again, and finds what it had started', async () => {
  const before = await pids()
  const mainPid = () => machine.run('systemctl', 'show', '-P', 'MainPID', 'reckon')
  const killed = await mainPid()
  await machine.run('systemctl', 'kill', '--kill-who=main', '-s', 'KILL', 'reckon')
  await until('another supervises', async () => !['0\n', killed].includes(await mainPid()))
  await until('it is up', async () => (await pids()) === before)
})

test('what is ended by reckon down stays so; a service that is removed is no more', async () => {
  const shown = (what: string, unit: string) => machine.run('systemctl', 'show', '-P', what, unit)
  for (const [unit, each] of [
    ['reckon-w1', joined],
    ['reckon', here],
  ] as const) {
    await machine.run('reckon', 'down', ...each)
    assert.equal(await shown('ActiveState', unit), 'inactive\n')
    await machine.run('reckon', 'service', 'remove', '--unit', unit)
    assert.equal(await shown('LoadState', unit), 'not-found\n')
  }
})
