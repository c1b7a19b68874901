import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ingress, type IngressClass, ingresses, isOf } from '@reckon/kubernetes'
import type { OtherObjects } from './admission.ts'
import { defaultIngressClass } from './default-ingress-class.ts'
import { having } from './others.fixture.ts'

const ids = { next: () => 'id', below: () => 0 }
const classOf = (name: string, isDefault = 'true'): IngressClass => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: {
    name,
    annotations: { 'ingressclass.kubernetes.io/is-default-class': isDefault },
  },
  spec: { controller: 'reckon.dev/envoy' },
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

const one = having([classOf('one')])

test('an Ingress that names no class gets the default one, where there is one', () => {
  assert.equal(classAfter(ingress(), one), 'one')
  assert.equal(classAfter(ingress(), having([classOf('no', 'false')])), undefined)
  assert.equal(classAfter(ingress(), having()), undefined)
})

test('one that names a class, in either way, keeps it; so does one that is there', () => {
  assert.equal(classAfter(ingress({ class: 'own' }), one), 'own')
  assert.equal(classAfter(ingress({ annotation: 'own' }), one), undefined)
  assert.equal(classAfter(ingress(), one, ingress()), undefined)
})
