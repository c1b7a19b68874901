import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods } from '../kinds/core/pods.ts'
import { isRefusal } from '../status-error.ts'
import { decodeValue } from './decode.ts'
import { fromProtobuf } from './protobuf.ts'

/** Writes messages by hand: what is tested must not be what writes. */
const varint = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...varint(n >>> 7)])
const number = (field: number, n: number): number[] => [field << 3, ...varint(n)]
const message = (field: number, ...parts: number[][]): number[] => {
  const content = parts.flat()
  return [...varint((field << 3) | 2), ...varint(content.length), ...content]
}
const text = (field: number, value: string): number[] => message(field, [...Buffer.from(value)])
const body = (apiVersion: string, kind: string, ...object: number[][]): Uint8Array =>
  Uint8Array.from([
    ...[0x6b, 0x38, 0x73, 0],
    ...message(1, text(1, apiVersion), text(2, kind)),
    ...message(2, ...object),
    ...text(3, ''),
  ])

test('an object is what its JSON would be: zeros only where they differ from absence', () => {
  const metadata = message(
    1,
    text(1, 'web'),
    text(3, ''),
    message(8),
    message(11, text(1, 'a'), text(2, 'b')),
  )
  const container = message(
    2,
    text(1, 'c'),
    text(2, 'nginx'),
    text(3, ''),
    message(6, number(3, 8080), text(4, 'TCP')),
    message(8, message(1, text(1, 'cpu'), message(2, text(1, '50m')))),
    message(10, message(1, message(2, text(1, '/'), message(2, number(1, 1), text(3, 'http'))))),
  )
  const template = message(
    3,
    message(2, container, message(1, text(1, 'd'), message(2, message(2)))),
  )
  const selector = message(2, message(1, text(1, 'a'), text(2, '')))
  const spec = message(2, number(1, 0), selector, template, number(5, 0))
  assert.deepEqual(fromProtobuf(body('apps/v1', 'Deployment', metadata, spec, message(3))), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { a: 'b' } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { a: '' } },
      template: {
        spec: {
          containers: [
            {
              name: 'c',
              image: 'nginx',
              command: [''],
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              resources: { limits: { cpu: '50m' } },
              livenessProbe: { httpGet: { path: '/', port: 'http' } },
            },
          ],
          volumes: [{ name: 'd', emptyDir: {} }],
        },
      },
    },
  })
})

test('bytes are base64, and a key may be called as it likes', () => {
  const entry = (key: string, value: string) => message(2, text(1, key), text(2, value))
  const secret = fromProtobuf(body('v1', 'Secret', entry('k', 'v'), entry('__proto__', 'x')))
  assert.equal(JSON.stringify(secret.data), '{"k":"dg==","__proto__":"eA=="}')
})

test('an integer that a number cannot hold stays exact, for the decoder to refuse', () => {
  const bytes = [...Array(8).fill(0xff), 0x7f]
  const pod = fromProtobuf(body('v1', 'Pod', message(2, [4 << 3, ...bytes])))
  assert.deepEqual(pod.spec, { terminationGracePeriodSeconds: 2n ** 63n - 1n })
  const core = pods
  assert.throws(() => decodeValue(core, core.servedVersions[0] ?? core, { value: pod }), {
    code: 422,
    message: /spec.terminationGracePeriodSeconds: Invalid value: 9223372036854775807: must be/,
  })
})

test('a time beyond what RFC 3339 can say is the last that it can', () => {
  const seconds = [...Array(7).fill(0xff), 0x7f]
  const metadata = message(1, message(8, [1 << 3, ...seconds]))
  const { metadata: read } = fromProtobuf(body('v1', 'Pod', metadata))
  assert.deepEqual(read, { creationTimestamp: '9999-12-31T23:59:59Z' })
})

test('options may be of any group and version that a client speaks with', () => {
  const grace = number(1, 0)
  for (const version of ['v1', 'apps/v1', 'policy/v1beta1', 'meta.k8s.io/v1']) {
    const options = fromProtobuf(body(version, 'DeleteOptions', grace))
    assert.deepEqual(options, { apiVersion: version, kind: 'DeleteOptions', gracePeriodSeconds: 0 })
  }
  const eviction = fromProtobuf(body('policy/v1beta1', 'Eviction', message(1, text(1, 'web'))))
  assert.deepEqual(eviction.metadata, { name: 'web' })
})

test('what is no message, or of no served kind, is refused', () => {
  const refused = (bytes: Uint8Array) =>
    assert.throws(
      () => fromProtobuf(bytes),
      (error) => isRefusal(error, 'BadRequest'),
    )
  refused(Uint8Array.from(Buffer.from('{}')))
  refused(body('v1', 'Nothing'))
  refused(body('v1', 'Pod', [0x0a, 0x7f]))
  refused(body('v1', 'Pod', number(1, 7)))
})
