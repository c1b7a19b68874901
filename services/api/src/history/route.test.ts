import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { RouteAnswer } from '@reckon/routing'
import { inDefault, startedApi } from '../api.fixture.ts'

const path = '/apis/history.reckon.dev/v1/route'
const groups = { ingresses: '/apis/networking.k8s.io/v1', slices: '/apis/discovery.k8s.io/v1' }

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const ingressTo = (service: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'site' },
  spec: {
    rules: [
      {
        host: 'site.test',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: service, port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
})
const sliceOf = (address: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [address], nodeName: 'node-1' }],
  ports: [{ name: '', port: 8080, protocol: 'TCP' }],
})

const write = async (method: string, url: string, body: object): Promise<KubernetesObject> => {
  const { code, json } = await api.ask(method, url, { body })
  assert.ok(code < 300, JSON.stringify(json))
  return json
}
const routed = async (query: string): Promise<RouteAnswer> => {
  const { code, json } = await api.ask('GET', `${path}?${query}`)
  assert.equal(code, 200)
  return json as unknown as RouteAnswer
}
const addresses = ({ backends }: RouteAnswer) =>
  backends[0]?.endpoints.map(({ address }) => address)
const events = ({ rule, backends }: RouteAnswer) =>
  [rule?.event, backends[0]?.event, ...(backends[0]?.slices ?? [])].map((event) => event?.type)

test('where a request goes follows from the log, now and before a rollout, each with the events that made it so, whatever its status became', async () => {
  const slices = `${groups.slices}/namespaces/default/endpointslices`
  await write('POST', inDefault('services'), {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
    spec: { ports: [{ port: 80 }] },
  })
  await write('POST', slices, sliceOf('10.244.1.2'))
  const site = `${groups.ingresses}/namespaces/default/ingresses`
  const made = await write('POST', site, ingressTo('web'))
  const before = made.metadata.resourceVersion ?? ''
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }
  await write('PUT', `${site}/site/status`, { ...made, status })
  await write('PUT', `${slices}/web-1`, sliceOf('10.244.1.3'))
  const now = await routed('host=site.test&path=/a')
  assert.deepEqual(addresses(now), ['10.244.1.3'])
  assert.deepEqual(events(now), ['IngressCreated', 'ServiceCreated', 'EndpointSliceChanged'])
  const then = await routed(`host=site.test&path=/a&at=${before}`)
  assert.deepEqual(addresses(then), ['10.244.1.2'])
  assert.deepEqual(events(then), ['IngressCreated', 'ServiceCreated', 'EndpointSliceCreated'])
  assert.equal(then.rule?.event?.position, before)
  assert.equal(then.position, before)
})

test('a Service that is gone, and a host that nobody names, are told as such', async () => {
  await write('PUT', `${groups.ingresses}/namespaces/default/ingresses/site`, ingressTo('gone'))
  const [backend] = (await routed('host=site.test')).backends
  assert.deepEqual(
    [backend?.service, backend?.event, backend?.endpoints],
    ['default/gone', undefined, []],
  )
  assert.equal((await routed('host=other.test')).outcome, 'NoSuchHost')
})

test('who means the request, too, is told with why it does not have it', async () => {
  const younger = { ...ingressTo('web'), metadata: { name: 'younger' } }
  await write('POST', `${groups.ingresses}/namespaces/default/ingresses`, younger)
  const { rule, others } = await routed('host=site.test&path=/a')
  assert.equal(rule?.ingress, 'default/site')
  const path = { host: 'site.test', match: 'Prefix', path: '/' }
  assert.deepEqual(others, [{ ...path, ingress: 'default/younger', why: 'IngressIsYounger' }])
})

test('a moment may be a time or a duration; what is none is refused, and what lies before the log', async () => {
  const later = new Date(Date.now() + 60_000).toISOString()
  assert.equal((await routed(`host=site.test&at=${later}`)).outcome, 'Routed')
  assert.equal((await routed('host=site.test&at=0s')).outcome, 'Routed')
  const codeAt = async (at: string) =>
    (await api.ask('GET', `${path}?host=site.test&at=${at}`)).code
  assert.equal(await codeAt('yesterday'), 400)
  assert.equal(await codeAt('2000-01-01T00:00:00Z'), 410, 'nothing was recorded yet')
  assert.equal((await api.ask('GET', path)).code, 400)
})
