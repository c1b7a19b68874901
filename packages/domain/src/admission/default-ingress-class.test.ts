import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Ingress,
  type IngressClass,
  ingressClasses,
  ingresses,
  isOf,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import type { OtherObjects } from './admission.ts'
import { defaultIngressClass } from './default-ingress-class.ts'

const ids = { next: () => 'id', below: () => 0 }
const classOf = (name: string, creationTimestamp: string, isDefault = 'true'): IngressClass => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: {
    name,
    creationTimestamp,
    annotations: { 'ingressclass.kubernetes.io/is-default-class': isDefault },
  },
  spec: { controller: 'reckon.dev/envoy' },
})
const having = (...classes: IngressClass[]): OtherObjects => ({
  get: () => undefined,
  list: <T extends KubernetesObject>(resource: Resource<T>) =>
    resource.kind === ingressClasses.kind
      ? classes.map((object) => ({ object }) as unknown as StoredObject<T>)
      : [],
  rulesOf: () => [],
})
const ingress = (over: { class?: string; annotation?: string } = {}): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name: 'web',
    namespace: 'team',
    ...(over.annotation && { annotations: { 'kubernetes.io/ingress.class': over.annotation } }),
  },
  spec: {
    ...(over.class && { ingressClassName: over.class }),
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
  },
})
function classAfter(object: Ingress, others: OtherObjects, before?: Ingress): string | undefined {
  const write = { resource: ingresses, object, ...(before && { before }) }
  const made = defaultIngressClass.mutate(write, others, ids)
  return isOf(ingresses, made) ? made.spec.ingressClassName : undefined
}

const one = classOf('one', '2026-01-01T00:00:00Z')

test('an Ingress that names no class gets the default one, where there is one', () => {
  assert.equal(classAfter(ingress(), having(one)), 'one')
  assert.equal(
    classAfter(ingress(), having(classOf('no', '2026-01-01T00:00:00Z', 'false'))),
    undefined,
  )
  assert.equal(classAfter(ingress(), having()), undefined)
})

test('one that names a class, in either way, keeps it; so does one that is there', () => {
  assert.equal(classAfter(ingress({ class: 'own' }), having(one)), 'own')
  assert.equal(classAfter(ingress({ annotation: 'own' }), having(one)), undefined)
  assert.equal(classAfter(ingress(), having(one), ingress()), undefined)
})

test('of several defaults the newest is taken, then the first by name', () => {
  const newer = ['b', 'a'].map((name) => classOf(name, '2026-01-02T00:00:00Z'))
  assert.equal(classAfter(ingress(), having(one, ...newer)), 'a')
})
