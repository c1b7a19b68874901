import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ingress } from '../../object.ts'
import { ingressOptions } from './ingress-options.ts'
import { ingresses } from './ingresses.ts'

const ingress = (options: Record<string, string>): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name: 'web',
    namespace: 'default',
    annotations: Object.fromEntries(
      Object.entries(options).map(([name, text]) => [`reckon.dev/${name}`, text]),
    ),
  },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
})
/** What was understood, without what was not asked for. */
const optionsOf = (options: Record<string, string>): unknown =>
  JSON.parse(JSON.stringify(ingressOptions(ingress(options)).options))

const understood: [Record<string, string>, unknown][] = [
  [{ 'request-timeout': '30s' }, { requestTimeoutSeconds: 30 }],
  [{ 'request-timeout': '1m30s' }, { requestTimeoutSeconds: 90 }],
  [{ 'idle-timeout': '250ms' }, { idleTimeoutSeconds: 0.25 }],
  [{ retries: '0' }, { retries: 0 }],
  [
    { 'max-connections': '10', 'max-pending-requests': '1', 'max-requests': '20' },
    { limits: { connections: 10, pending: 1, requests: 20 } },
  ],
  [{ 'max-body-size': '8Mi' }, { bodyBytesMax: 8_388_608 }],
  [
    { 'canary-service': 'next', 'canary-weight': '20' },
    { canary: { service: 'next', percent: 20 } },
  ],
  [{ 'rewrite-path': '/v2' }, { rewritePath: '/v2' }],
  [
    { 'redirect-to': 'https://New.example.com/' },
    { redirect: { to: { scheme: 'https', host: 'new.example.com' }, status: 308 } },
  ],
  [
    { 'redirect-to': 'http://a.test:8080/x?y=1', 'redirect-status': '302' },
    {
      redirect: {
        to: { scheme: 'http', host: 'a.test', port: 8080, path: '/x?y=1' },
        status: 302,
      },
    },
  ],
  [{ 'tls-redirect': 'true' }, { tlsRedirect: true }],
]

for (const [options, expected] of understood) {
  test(`${JSON.stringify(options)} is understood`, () => {
    assert.deepEqual(optionsOf(options), expected)
    assert.deepEqual(ingresses.validate(ingress(options)), [])
  })
}

const refused: [Record<string, string>, RegExp][] = [
  [{ 'request-timeout': '30' }, /request-timeout\]: .*such as "30s"/],
  [{ 'request-timeout': '0s' }, /request-timeout/],
  [{ 'idle-timeout': '25h' }, /86400 seconds at most/],
  [{ retries: '11' }, /retries\]: .*between 0 and 10/],
  [{ retries: '-1' }, /retries/],
  [{ 'max-connections': '0' }, /max-connections/],
  [{ 'max-requests': '4294967296' }, /max-requests/],
  [{ 'max-body-size': '8Ti' }, /max-body-size/],
  [{ 'canary-service': 'A', 'canary-weight': '1' }, /canary-service/],
  [{ 'canary-service': 'next', 'canary-weight': '101' }, /canary-weight/],
  [{ 'canary-service': 'next' }, /canary-weight\]: Required value/],
  [{ 'canary-weight': '1' }, /canary-service\]: Required value/],
  [{ 'rewrite-path': 'v2' }, /rewrite-path/],
  [{ 'rewrite-path': '/v2\\1' }, /rewrite-path/],
  [{ 'redirect-to': 'ftp://a.test' }, /redirect-to/],
  [{ 'redirect-to': 'https://a.test:70000' }, /redirect-to/],
  [{ 'redirect-to': 'https://a.test', 'redirect-status': '200' }, /301, 302, 303, 307, 308/],
  [{ 'redirect-status': '301' }, /redirect-to\]: Required value/],
  [{ 'tls-redirect': 'yes' }, /tls-redirect/],
]

for (const [options, expected] of refused) {
  test(`${JSON.stringify(options)} is refused`, () => {
    const [error, ...others] = ingresses.validate(ingress(options))
    assert.match(`${error?.field}: ${error?.message}`, expected)
    assert.deepEqual(others, [])
  })
}

test('an annotation that is wrong takes no other down', () => {
  assert.deepEqual(optionsOf({ retries: 'many', 'request-timeout': '5s' }), {
    requestTimeoutSeconds: 5,
  })
})

test('who writes an annotation that nobody reads, or a backend that is no Service, is warned', () => {
  const odd = ingress({ 'request-timout': '5s' })
  const resource = { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name: 'icons' }
  assert.deepEqual(ingresses.warnings?.({ ...odd, spec: { defaultBackend: { resource } } }), [
    'metadata.annotations[reckon.dev/request-timout]: nobody reads it on this server',
    'requests to StorageBucket "icons" are answered with 501: the edge of this server leads to Services only',
  ])
  assert.deepEqual(ingresses.warnings?.(ingress({ retries: '1' })), [])
})
