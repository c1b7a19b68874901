import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  isOf,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type StorageClass,
} from '@reckon/kubernetes'
import { defaultStorageClass } from './default-storage-class.ts'
import { having } from './others.fixture.ts'

const ids = { next: () => 'id', below: () => 0 }
const classOf = (name: string, isDefault: boolean): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name,
    annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) },
  },
  provisioner: 'reckon.dev/local',
})
const claim = (storageClassName?: string, annotations?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'team', ...(annotations && { annotations }) },
  spec: storageClassName === undefined ? {} : { storageClassName },
})
const withDefault = having([classOf('slow', false), classOf('usual', true)])

function classAfter(object: PersistentVolumeClaim, others = withDefault, before?: typeof object) {
  const write = { resource: persistentVolumeClaims, object, ...(before && { before }) }
  const made = defaultStorageClass.mutate(write, others, ids)
  return isOf(persistentVolumeClaims, made) ? made.spec.storageClassName : assert.fail()
}

test('a claim that names no class gets the default one, where there is one', () => {
  assert.equal(classAfter(claim()), 'usual')
  assert.equal(classAfter(claim(), having([classOf('slow', false)])), undefined)
})

test('one that names a class in either way, or wants none, keeps it; so does one that is there', () => {
  assert.equal(classAfter(claim('slow')), 'slow')
  assert.equal(classAfter(claim('')), '')
  const annotated = claim(undefined, { 'volume.beta.kubernetes.io/storage-class': 'slow' })
  assert.equal(classAfter(annotated), undefined)
  assert.equal(classAfter(claim(), withDefault, claim()), undefined)
})

test('other kinds have no class', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  const write = { resource: configMaps, object }
  assert.equal(defaultStorageClass.mutate(write, withDefault, ids), object)
})
