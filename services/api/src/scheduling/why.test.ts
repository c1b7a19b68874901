import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nodes } from '@reckon/kubernetes'
import type { Advice, Recomputed, WhyNot } from '@reckon/scheduling'
import { registerNode } from '@reckon/writing'
import { inDefault, startedApi } from '../api.fixture.ts'
import { founder } from '../founding/founding.ts'

const path = '/apis/history.reckon.dev/v1/namespaces/default/pods'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  const status = {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  }
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {}, status }
  const report = { type: 'Node', node, bootId: 'boot', number: 1 } as const
  await registerNode(api.ports, { report, origin: founder })
  await api.ports.reader.waitForHead(1000)
  assert.ok(api.ports.objects.get(nodes, '', 'a'))
})
after(() => api.close())

async function create(name: string, spec: object): Promise<void> {
  const requests = { cpu: '6' }
  const containers = [{ name: 'c', image: 'i', resources: { requests } }]
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers, ...spec },
  }
  const { code, text } = await api.ask('POST', inDefault('pods'), { body })
  assert.equal(code, 201, text)
}

type Answer = { advice?: Advice; whyNot?: WhyNot; all?: Recomputed }
async function why(name: string, query = ''): Promise<Answer> {
  const { code, text } = await api.ask('GET', `${path}/${name}/why${query}`)
  assert.equal(code, 200, text)
  return JSON.parse(text)
}

test('a pod that waits is advised, by the policies that hold', async () => {
  await create('large', {})
  const { advice } = await why('large')
  assert.equal(advice?.outlook, 'Never')
  assert.deepEqual(advice?.changes[0], { change: 'ask for 4 cpu instead of 6', nodeName: 'a' })
  await create('gated', { schedulingGates: [{ name: 'g' }] })
  assert.equal((await why('gated')).advice?.why, 'waiting for scheduling gates: [g]')
  const shown = await api.ask('GET', `${inDefault('pods')}/gated`)
  assert.match(shown.text, /"reason":"SchedulingGated"/)
  await create('other', { schedulerName: 'mine' })
  assert.match((await why('other')).advice?.why ?? '', /it waits for the scheduler "mine"/)
  const profiles = [{ schedulerName: 'mine' }]
  const group = 'kubescheduler.config.k8s.io/v1'
  const body = { apiVersion: group, kind: 'KubeSchedulerConfiguration', profiles }
  await api.ask('PUT', '/apis/scheduler.reckon.dev/v1/configuration', { body })
  assert.equal((await why('other')).advice?.outlook, 'Never')
  assert.match((await why('large')).advice?.why ?? '', /here are placed pods of mine/)
  await api.ask('DELETE', '/apis/scheduler.reckon.dev/v1/configuration')
})

test('why a pod is not on a node, and what is not there', async () => {
  await create('wide', {})
  const { whyNot } = await why('wide', '?node=a')
  const rejections = whyNot?.plugins.filter(({ reason }) => reason !== undefined)
  assert.deepEqual(rejections, [{ plugin: 'NodeResourcesFit', reason: 'Insufficient cpu' }])
  assert.equal((await api.ask('GET', `${path}/wide/why?node=x`)).code, 404)
  assert.equal((await api.ask('GET', `${path}/none/why?node=a`)).code, 404)
  assert.equal((await why('wide', '?all=true')).all, undefined, 'nothing is decided yet')
})
