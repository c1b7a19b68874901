import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { Random } from '@reckon/kubernetes/random'
import { parse } from 'yaml'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const seed = Number(process.env.RECKON_FUZZ_SEED ?? 1)
const requestsCount = isLong ? 500 : 150

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  for (const name of ['a', 'b', 'c']) {
    await api.ask('POST', inDefault('configmaps'), { body: configMap(name) })
  }
})
after(() => api.close())

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const paths = [
  ...['', '/a', '/a/status', '/a/scale', '/%ff', '/%', '//', '/a/b/c/d', `/${'x'.repeat(600)}`],
  ...['/..', '/a%2fb', '/%00', '/a;b', '/__proto__', '/constructor'],
]
const collections = [
  inDefault('configmaps'),
  inDefault('pods'),
  inDefault('deployments'),
  '/api/v1/nodes',
  '/apis/apps/v1/namespaces/__proto__/deployments',
  '/apis/constructor/v1/things',
  '/apis',
  '/api',
  '/at/12/api/v1/namespaces/default/configmaps',
  '/at/x/api/v1/namespaces/default/configmaps',
  '/openapi/v3/apis/apps/v1',
]
const parameters = [
  ...['limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'labelSelector'],
  ...['fieldSelector', 'timeoutSeconds', 'dryRun', 'fieldManager', 'fieldValidation', 'force'],
  ...['propagationPolicy', 'gracePeriodSeconds', 'sendInitialEvents', 'allowWatchBookmarks'],
  ...['pretty', 'orphanDependents', '__proto__'],
]
const values = [
  ...[
    '',
    '-1',
    '0',
    '1',
    'x',
    'true',
    'All',
    'Exact',
    'NotOlderThan',
    '9'.repeat(30),
    '%00',
    '%ff',
  ],
  ...['a=b', 'a in (', '!', 'a==', 'metadata.name=a', 'spec.foo=1', 'Strict', 'Orphan', '[]', '{}'],
  ...['eyJ2IjoxfQ', 'x'.repeat(3_000), 'a%26b', '1e9', '-9223372036854775809', 'constructor'],
]
const types = [
  ...['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'text/plain'],
  ...['application/json-patch+json', 'application/merge-patch+json', '', 'a', ';', 'a/b;c=d'],
  ...['application/strategic-merge-patch+json', 'application/apply-patch+yaml'],
]
const accepts = [
  ...['application/json', '*/*', '', 'text/html', 'application/yaml', ';;;', 'a/b;as=Table'],
  ...['application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=Nothing;v=v9;g=x'],
  ...['application/vnd.kubernetes.protobuf', 'application/json;as=PartialObjectMetadataList'],
]
const bodies = [
  ...[
    '',
    '{',
    '[]',
    'null',
    '1',
    '"a"',
    '{}',
    '{"a":',
    '\u0000',
    '{"metadata":null}',
    'a: [',
    '- -',
  ],
  ...['{"metadata":[]}', '{"metadata":{"name":5}}', '{"apiVersion":5}', '{"kind":{}}', '!!set {a}'],
  ...['[{"op":"add"}]', '[{"op":1,"path":2}]', '[{"op":"add","path":"a","value":1}]', '&a [*a]'],
  ...[
    '['.repeat(90_000),
    `{"a":${'{"a":'.repeat(20_000)}`,
    'k8s\u0000\u000a\u0001',
    '%YAML 9.9\n---\n',
  ],
  ...['{"metadata":{"name":"a"},"data":{"a":"b"}}', '{"spec":{"replicas":1e400}}', '<a/>'],
]

function requestOf(random: Random) {
  const count = random.below(4)
  const query = Array.from({ length: count }, () => `${random.of(parameters)}=${random.of(values)}`)
  const isBinary = random.chance(0.15)
  const bytes = Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)))
  return {
    method: random.of(methods),
    url: `${random.of(collections)}${random.of(paths)}${count > 0 ? `?${query.join('&')}` : ''}`,
    headers: { 'content-type': random.of(types), accept: random.of(accepts) },
    payload: isBinary ? Buffer.concat([Buffer.from('k8s\0'), bytes]) : random.of(bodies),
  }
}

test(`${requestsCount} malformed requests are answered, each refusal by a Status, and none is a bug of ours`, async () => {
  const random = new Random(seed)
  const failures: string[] = []
  for (let n = 0; n < requestsCount; n++) {
    const request = requestOf(random)
    const isBodiless = request.method === 'GET' || request.method === 'HEAD'
    const { payload, ...bare } = request
    const { statusCode, body, headers } = await api.app.inject({
      ...bare,
      method: bare.method as 'GET',
      ...(isBodiless ? {} : { payload }),
    })
    const asked = `${JSON.stringify(request).slice(0, 600)}: ${statusCode} ${body.slice(0, 300)}`
    const isStatus =
      statusCode < 400 ||
      request.method === 'HEAD' ||
      body === '404 page not found\n' ||
      isFailure(headers['content-type'] === 'application/yaml' ? parse(body) : JSON.parse(body))
    if (statusCode >= 500 || api.errors.length > 0 || !isStatus) {
      failures.push(`${asked} ${api.errors.splice(0).map(describe).join(' ')}`)
    }
  }
  assert.equal(failures.join('\n\n'), '')
})

const isFailure = ({ kind, status, code }: Record<string, unknown>): boolean =>
  kind === 'Status' && status === 'Failure' && typeof code === 'number'

const describe = (fields: unknown): string =>
  fields instanceof Object && 'err' in fields && fields.err instanceof Error
    ? `${fields.err.stack}`
    : JSON.stringify(fields)

test('what is no HTTP is answered by a Status and ends its own connection, and no other', async () => {
  const base = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
  const said = (bytes: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(base.port), base.hostname, () => socket.end(bytes))
      let heard = ''
      socket.setEncoding('utf8').on('data', (text) => {
        heard += text
      })
      socket.on('error', () => resolve(heard)).on('close', () => resolve(heard))
    })
  for (const bytes of [
    '\x16\x03\x01\x02\x00\x01\x00',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /api HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
    'POST /api HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    'GET /api HTTP/1.1\r\nhost: a\r\n bad: header\r\n\r\n',
  ]) {
    const [head = '', body = ''] = (await said(bytes)).split('\r\n\r\n')
    const [, code] = /^HTTP\/1\.1 (4\d\d) /.exec(head) ?? []
    const status = JSON.parse(body)
    const told = [status.kind, status.status, status.code]
    assert.deepEqual(told, ['Status', 'Failure', Number(code)], bytes.slice(0, 60))
  }
  assert.equal((await api.ask('GET', '/livez')).text, 'ok')
  assert.deepEqual(api.errors, [])
})
