import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findKubectls } from '@reckon/bootstrap'
import { until } from './cluster.ts'
import { openSystemdMachine, type SystemdMachine } from './systemd-machine.ts'

const dataDir = '/var/lib/reckon'
const here = ['--data-dir', dataDir]

let machine: SystemdMachine
before(async () => {
  machine = openSystemdMachine()
  await machine.boot()
})
after(() => machine?.close())

const [newest] = await findKubectls()
const kubectl = [newest?.path ?? 'kubectl', '--kubeconfig', `${dataDir}/kubeconfig`]
const untilNodeIsReady = () =>
  until('the node is Ready', async () => {
    const nodes = machine.run(...kubectl, 'get', 'nodes').catch(String)
    return /node-1 +Ready/.test(await nodes)
  })

type Status = { processes: { name: string; pid?: number }[] }
async function pids(): Promise<string> {
  const { processes } = JSON.parse(
    await machine.run('reckon', 'status', ...here, '-o', 'json'),
  ) as Status
  return processes.map(({ name, pid }) => `${name} ${pid}`).join()
}

test('a cluster whose service is installed is handed over to systemd, and comes back with the machine', async () => {
  await machine.run('reckon', 'up', '--detach', '--runtime', 'simulated', ...here)
  await machine.run('reckon', 'service', 'install', ...here)
  await machine.run('reckon', 'down', ...here)
  await machine.run('systemctl', 'start', 'reckon')
  await untilNodeIsReady()
  await machine.run(...kubectl, 'create', 'namespace', 'kept')
  await machine.cutPower()
  await machine.boot()
  await untilNodeIsReady()
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
  await machine.run('reckon', 'down', ...here)
  assert.equal(await machine.run('systemctl', 'show', '-P', 'ActiveState', 'reckon'), 'inactive\n')
  await machine.run('reckon', 'service', 'remove')
  assert.equal(await machine.run('systemctl', 'show', '-P', 'LoadState', 'reckon'), 'not-found\n')
})
