import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ingress, IngressClass, IngressSpec } from '@reckon/kubernetes'
import { ingressHosts } from './ingress-hosts.ts'
import { rulesByIngress, rulesOfIngresses, withEarlierRules } from './rules-of-ingresses.ts'

const ingress = (name: string, spec: IngressSpec, created = '2026-01-01T00:00:00Z'): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default', creationTimestamp: created, resourceVersion: '7' },
  spec,
})
const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } })
const path = (text: string, pathType: string, service: string) => ({
  path: text,
  pathType,
  backend: backend(service),
})
const rule = (host: string | undefined, ...paths: ReturnType<typeof path>[]) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths },
})
const rulesOf = (ingresses: Ingress[], classes: IngressClass[] = []) =>
  Object.fromEntries(
    [...ingressHosts(ingresses, classes)].map(([host, { paths }]) => [
      host,
      paths.map(({ match, path, backend }) => {
        const leadsTo = 'resource' in backend ? backend.resource : backend.service
        return `${match} ${path} ${leadsTo}`
      }),
    ]),
  )

test('exact paths are tried first, then prefixes from the longest; the last slash does not matter', () => {
  const rules = [
    rule(
      'A.test',
      path('/', 'Prefix', 'root'),
      path('/app/', 'Prefix', 'app'),
      path('/app/deep', 'ImplementationSpecific', 'deep'),
      path('/app', 'Exact', 'exact'),
    ),
  ]
  assert.deepEqual(rulesOf([ingress('one', { rules })]), {
    'a.test': ['Exact /app exact', 'Prefix /app/deep deep', 'Prefix /app app', 'Prefix / root'],
  })
})

test('Ingresses of one host are joined; of two rules for one path the older one wins', () => {
  const older = ingress('b', { rules: [rule('a.test', path('/', 'Prefix', 'older'))] })
  const younger = ingress(
    'a',
    { rules: [rule('a.test', path('/', 'Prefix', 'younger'), path('/x', 'Prefix', 'x'))] },
    '2026-01-02T00:00:00Z',
  )
  assert.deepEqual(rulesOf([younger, older]), { 'a.test': ['Prefix /x x', 'Prefix / older'] })
})

test("the default backend is the Ingress' own, else the oldest; rules without a host are every host's", () => {
  const plain = ingress('plain', { rules: [rule('plain.test', path('/x', 'Prefix', 'x'))] })
  const own = ingress(
    'own',
    { defaultBackend: backend('own'), rules: [rule('own.test', path('/y', 'Prefix', 'y'))] },
    '2026-01-03T00:00:00Z',
  )
  const first = ingress('first', { defaultBackend: backend('first') }, '2026-01-02T00:00:00Z')
  const hostless = ingress('hostless', { rules: [rule(undefined, path('/z', 'Prefix', 'z'))] })
  assert.deepEqual(rulesOf([plain, own, first, hostless]), {
    '*': ['Prefix /z z', 'Prefix / first'],
    'own.test': ['Prefix /y y', 'Prefix / own'],
    'plain.test': ['Prefix /x x', 'Prefix / first'],
  })
})

test("only an Ingress whose class is another controller's is left alone", () => {
  const classOf = (name: string, controller: string): IngressClass => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller },
  })
  const classes = [classOf('ours', 'reckon.dev/envoy'), classOf('theirs', 'example.com/theirs')]
  const of = (ingressClassName: string) =>
    ingress(ingressClassName, {
      ingressClassName,
      rules: [rule(`${ingressClassName}.test`, path('/', 'Prefix', 'web'))],
    })
  const hosts = Object.keys(rulesOf([of('ours'), of('theirs'), of('nginx')], classes))
  assert.deepEqual(hosts, ['nginx.test', 'ours.test'])
})

test('a path that no request can have makes no rule', () => {
  const rules = [rule('a.test', path('/a?b=c', 'Prefix', 'web'), path('/ok', 'Prefix', 'web'))]
  assert.deepEqual(rulesOf([ingress('one', { rules })]), { 'a.test': ['Prefix /ok web'] })
})

test('the rules of some Ingresses are those that they alone made, on the hosts that these have', () => {
  const hosts = ingressHosts(
    [
      ingress('one', { rules: [rule('a.test', path('/', 'Prefix', 'root'))] }),
      ingress('two', {
        rules: [
          rule('a.test', path('/two', 'Prefix', 'two')),
          rule('b.test', path('/', 'Prefix', 'two')),
        ],
      }),
    ],
    [],
  )
  const rulesFor = (name: string) =>
    [...rulesOfIngresses(hosts, (key) => key === `default/${name}`).values()].map(
      ({ host, paths }) => `${host} ${paths.map(({ path: text }) => text)}`,
    )
  assert.deepEqual(rulesFor('one'), ['a.test /'])
  assert.deepEqual(rulesFor('two'), ['a.test /two', 'b.test /'])
})

test('the rules of each Ingress are found at once', () => {
  const hosts = ingressHosts(
    [
      ingress('one', { rules: [rule('a.test', path('/', 'Prefix', 'root'))] }),
      ingress('two', {
        rules: [
          rule('a.test', path('/two', 'Prefix', 'two'), path('/2', 'Prefix', 'two')),
          rule('b.test', path('/', 'Prefix', 'two')),
        ],
      }),
    ],
    [],
  )
  const found = rulesByIngress(hosts)
  assert.deepEqual([...found.keys()].sort(), ['default/one', 'default/two'])
  for (const [key, rules] of found) {
    assert.deepEqual(
      rules,
      rulesOfIngresses(hosts, (each) => each === key),
    )
  }
})

test('while an Ingress is held back, each host whose rules do not change is the same object', () => {
  const of = (name: string, host: string, text: string, created: string) =>
    ingress(name, { rules: [rule(host, path(text, 'Prefix', name))] }, created)
  const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']
  const beside = of('beside', 'a.test', '/beside', first)
  const alone = of('alone', 'b.test', '/', first)
  const early = ingressHosts([of('held', 'a.test', '/early', second), beside, alone], [])
  const late = ingressHosts([of('held', 'a.test', '/late', second), beside, alone], [], early)
  const held = new Set(['default/held'])
  const through = withEarlierRules(late, early, held)
  assert.equal(through.get('b.test'), late.get('b.test'))
  assert.deepEqual(
    through.get('a.test')?.paths.map(({ path: text }) => text),
    ['/beside', '/early'],
  )
  assert.equal(through.get('a.test'), early.get('a.test'))
  const again = withEarlierRules(new Map(late), through, held)
  for (const [host, rules] of through) assert.equal(again.get(host), rules)
})

test('a path is matched as requests have it; what is no Service is kept, to be answered for', () => {
  const resource = { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name: 'icons' }
  const rules = [
    rule('a.test', path('/ü b', 'Exact', 'web'), path('/%C3%BC', 'Prefix', 'web')),
    { http: { paths: [{ path: '/icons', pathType: 'Prefix', backend: { resource } }] } },
  ]
  assert.deepEqual(rulesOf([ingress('one', { rules })]), {
    '*': ['Prefix /icons StorageBucket "icons"'],
    'a.test': ['Exact /%C3%BC%20b web', 'Prefix /%C3%BC web'],
  })
})

test('a port of number 0 is none: the name counts', () => {
  const named = { service: { name: 'web', port: { number: 0, name: 'http' } } }
  const [first] = ingressHosts([ingress('one', { defaultBackend: named })], []).values()
  assert.deepEqual(first?.paths[0]?.backend, { namespace: 'default', service: 'web', port: 'http' })
})
