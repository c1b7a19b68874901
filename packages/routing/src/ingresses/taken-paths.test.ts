import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ingress } from '@reckon/kubernetes'
import { rivalsOf, takenPaths } from './taken-paths.ts'

const ingress = (name: string, created: string, host: string, ...paths: string[]): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', creationTimestamp: created },
  spec: {
    rules: [
      {
        host,
        http: {
          paths: paths.map((path) => ({
            path,
            pathType: 'Prefix',
            backend: { service: { name, port: { number: 80 } } },
          })),
        },
      },
    ],
  },
})
const old = ingress('old', '2026-01-01T00:00:00Z', 'shop.test', '/', '/cart')
const young = ingress('young', '2026-01-02T00:00:00Z', 'shop.test', '/cart/', '/own')
const other = ingress('other', '2026-01-01T00:00:00Z', 'other.test', '/own')

test('the older of two Ingresses has a path that both name; the younger keeps what is its alone', () => {
  const beside = ingress('beside', '2026-01-01T00:00:00Z', 'shop.test', '/beside')
  const rivals = rivalsOf(young, [other, beside, young, old])
  assert.deepEqual(rivals, [young, old])
  assert.deepEqual(takenPaths(young, rivals, []), [
    { host: 'shop.test', path: '/cart', by: 'shop/old' },
  ])
  assert.deepEqual(takenPaths(old, rivals, []), [])
})

test("another controller's Ingress takes nothing", () => {
  const theirs = { ...old, spec: { ...old.spec, ingressClassName: 'theirs' } }
  const classes = [
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'theirs' } },
      spec: { controller: 'example.com/theirs' },
    },
  ]
  assert.deepEqual(takenPaths(young, [theirs, young], classes), [])
})
