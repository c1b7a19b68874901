import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HTTPIngressPath, Ingress, IngressClass, IngressSpec } from '@reckon/kubernetes'
import { RunningEdge } from './edge.fixture.ts'

// Every example of https://kubernetes.io/docs/concepts/services-networking/ingress/, asked of a running Envoy.

let edge: RunningEdge
before(async () => {
  edge = await RunningEdge.start(['service1', 'service2', 'service3', 'default'])
})
after(() => edge.close())

const backend = (name: string, port: number | string = 80) => ({
  service: { name, port: typeof port === 'number' ? { number: port } : { name: port } },
})
const ingress = (spec: IngressSpec, name = 'example'): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default', resourceVersion: '1' },
  spec,
})
/** `Prefix /foo service1`, one of each. */
const pathOf = (text: string): HTTPIngressPath => {
  const [pathType = '', path = '', service = ''] = text.split(' ')
  return { pathType, path, backend: backend(service) }
}
const rule = (host: string | undefined, ...paths: string[]) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: paths.map(pathOf) },
})

type Example = {
  name: string
  rules: NonNullable<IngressSpec['rules']>
  /** By what was asked for, host and path: which Service answers, or which status. */
  asked: Record<string, string>
}

const examples: Example[] = [
  {
    name: 'a prefix of / has all paths',
    rules: [rule('a.test', 'Prefix / service1')],
    asked: { 'a.test/': 'service1', 'a.test/any/path?q=1': 'service1' },
  },
  {
    name: 'an exact path is that path alone, by case and by its last slash',
    rules: [rule('a.test', 'Exact /foo service1', 'Exact /end/ service2')],
    asked: {
      'a.test/foo': 'service1',
      'a.test/foo?q=1': 'service1',
      'a.test/bar': '404',
      'a.test/foo/': '404',
      'a.test/Foo': '404',
      'a.test/end': '404',
      'a.test/end/': 'service2',
    },
  },
  {
    name: "a prefix goes by elements, and a rule's last slash does not matter",
    rules: [
      rule('a.test', 'Prefix /foo service1'),
      rule('b.test', 'Prefix /foo/ service1'),
      rule('c.test', 'Prefix /aaa/bb service1'),
      rule('d.test', 'Prefix /aaa/bbb service1'),
      rule('e.test', 'Prefix /aaa/bbb/ service1'),
    ],
    asked: {
      'a.test/foo': 'service1',
      'a.test/foo/': 'service1',
      'b.test/foo': 'service1',
      'b.test/foo/': 'service1',
      'c.test/aaa/bbb': '404',
      'd.test/aaa/bbb': 'service1',
      'd.test/aaa/bbb/': 'service1',
      'd.test/aaa/bbb/ccc': 'service1',
      'd.test/aaa/bbbxyz': '404',
      'e.test/aaa/bbb': 'service1',
    },
  },
  {
    name: 'the longest prefix wins, whatever the order; no prefix is the default backend',
    rules: [
      rule(
        'a.test',
        'Prefix / service1',
        'Prefix /aaa service2',
        'ImplementationSpecific /aaa/bbb service3',
      ),
      rule('b.test', 'Prefix /aaa service1'),
    ],
    asked: {
      'a.test/aaa/ccc': 'service2',
      'a.test/aaa/bbb': 'service3',
      'a.test/ccc': 'service1',
      'b.test/ccc': '404',
    },
  },
  {
    name: 'of an exact path and a prefix that are alike the exact one wins',
    rules: [rule('a.test', 'Prefix /foo service1', 'Exact /foo service2')],
    asked: { 'a.test/foo': 'service2', 'a.test/foo/': 'service1', 'a.test/foo/x': 'service1' },
  },
  {
    name: 'a wildcard is one label',
    rules: [rule('*.foo.com', 'Prefix / service1')],
    asked: {
      'bar.foo.com/': 'service1',
      'BAR.foo.COM:8080/': 'service1',
      'baz.bar.foo.com/': '404',
      'foo.com/': '404',
    },
  },
  {
    name: 'what is deeper than a wildcard goes by the rules for every host, and nothing else does',
    rules: [
      rule('*.foo.com', 'Prefix /foo service1'),
      rule(undefined, 'Prefix /bar service2', 'Exact /foo service3'),
    ],
    asked: {
      'x.foo.com/foo': 'service1',
      'x.foo.com/bar': '404',
      'y.x.foo.com/foo': 'service3',
      'y.x.foo.com/bar/x': 'service2',
      'y.x.foo.com/other': '404',
    },
  },
  {
    name: 'the exact host is tried before a wildcard (the example of the documentation)',
    rules: [rule('foo.bar.com', 'Prefix /bar service1'), rule('*.foo.com', 'Prefix /foo service2')],
    asked: {
      'foo.bar.com/bar': 'service1',
      'foo.bar.com/foo': '404',
      'x.foo.com/foo': 'service2',
      'x.foo.com/bar': '404',
    },
  },
  {
    name: 'simple fan-out',
    rules: [rule('foo.bar.com', 'Prefix /foo service1', 'Prefix /bar service2')],
    asked: {
      'foo.bar.com/foo': 'service1',
      'foo.bar.com/bar': 'service2',
      'foo.bar.com/': '404',
      'other.com/foo': '404',
    },
  },
  {
    name: 'virtual hosting by name; a rule without a host is for those that no rule names',
    rules: [
      rule('first.bar.com', 'Prefix / service1'),
      rule('second.bar.com', 'Prefix / service2'),
      rule(undefined, 'Prefix / service3'),
    ],
    asked: {
      'first.bar.com/': 'service1',
      'second.bar.com/': 'service2',
      'third.bar.com/': 'service3',
      '10.0.0.1/': 'service3',
    },
  },
  {
    name: 'a host is one in capitals, with a port, with a dot at its end',
    rules: [rule('a.test', 'Prefix / service1')],
    asked: {
      'A.Test/': 'service1',
      'a.test:8080/': 'service1',
      'a.test./': 'service1',
      'A.TEST.:80/': 'service1',
      'b.a.test/': '404',
    },
  },
  {
    name: 'a path is the same however it is encoded, except for its slashes',
    rules: [rule('a.test', 'Prefix /"q{|} service1', 'Exact /%61%2Fb service2')],
    asked: {
      'a.test/"q{|}/x': 'service1',
      'a.test/%22q%7B%7C%7D': 'service1',
      'a.test/a%2Fb': 'service2',
      'a.test/x/../%61%2Fb': 'service2',
      'a.test/a/b': '404',
    },
  },
  {
    name: 'a Service that is not there, or has not that port, is unavailable; other rules go on',
    rules: [
      rule('a.test', 'Prefix /gone gone', 'Prefix / service1'),
      {
        host: 'b.test',
        http: { paths: [{ ...pathOf('Prefix / x'), backend: backend('service1', 81) }] },
      },
    ],
    asked: { 'a.test/gone': '503', 'a.test/': 'service1', 'b.test/': '503' },
  },
]

for (const { name, rules, asked } of examples) {
  test(name, async () => {
    await edge.apply({ ingresses: [ingress({ rules })] })
    assert.deepEqual(await answersTo(asked), asked)
    assert.deepEqual(edge.rejected, [])
  })
}

test('what no rule is for goes to the default backend', async () => {
  const rules = [rule('a.test', 'Prefix /foo service1')]
  const spec = { rules, defaultBackend: backend('default') }
  await edge.apply({ ingresses: [ingress(spec)] })
  const asked = {
    'a.test/foo': 'service1',
    'a.test/bar': 'default',
    'b.test/foo': 'default',
    '*/': 'default',
  }
  assert.deepEqual(await answersTo(asked), asked)
})

test('ports are named or numbered', async () => {
  const web = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'service1', namespace: 'default' },
    spec: {
      ports: [
        { name: 'dns', protocol: 'UDP', port: 80 },
        { name: 'http', port: 80 },
      ],
    },
  }
  const slices = [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'named',
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'service1' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['127.0.0.1'] }],
      ports: [{ name: 'http', port: edge.portOf('service2') }],
    },
  ]
  const path = (text: string, port: number | string) => ({
    ...pathOf(text),
    backend: backend('service1', port),
  })
  const paths = [path('Prefix /number x', 80), path('Prefix /name x', 'http')]
  const spec = { rules: [{ host: 'a.test', http: { paths } }] }
  await edge.apply({ ingresses: [ingress(spec)], services: [web], slices })
  const asked = { 'a.test/number': 'service2', 'a.test/name': 'service2' }
  assert.deepEqual(await answersTo(asked), asked)
})

test("an Ingress of another controller's class is left alone", async () => {
  const classOf = (name: string, controller: string): IngressClass => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller },
  })
  const of = (ingressClassName: string) =>
    ingress(
      { ingressClassName, rules: [rule(`${ingressClassName}.test`, 'Prefix / service1')] },
      ingressClassName,
    )
  await edge.apply({
    ingresses: [of('ours'), of('theirs')],
    classes: [classOf('ours', 'reckon.dev/envoy'), classOf('theirs', 'example.com/theirs')],
  })
  const asked = { 'ours.test/': 'service1', 'theirs.test/': '404' }
  assert.deepEqual(await answersTo(asked), asked)
})

test('a backend that is no Service is answered for in words', async () => {
  const resource = { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name: 'icon-assets' }
  const paths = [{ path: '/icons', pathType: 'ImplementationSpecific', backend: { resource } }]
  await edge.apply({ ingresses: [ingress({ rules: [{ host: 'a.test', http: { paths } }] })] })
  assert.deepEqual(await edge.ask('a.test', '/icons'), {
    status: 501,
    body: 'this edge leads to Services only, not to StorageBucket "icon-assets"\n',
  })
})

async function answersTo(asked: Record<string, string>): Promise<Record<string, string>> {
  const answers = Object.keys(asked).map(async (url): Promise<[string, string]> => {
    const slash = url.indexOf('/')
    return [url, await edge.reached(url.slice(0, slash), url.slice(slash))]
  })
  return Object.fromEntries(await Promise.all(answers))
}
