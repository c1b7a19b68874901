import assert from 'node:assert/strict'
import { test } from 'node:test'
import { yamlOf } from './yaml.ts'

test('an object reads as kubectl prints it', () => {
  const object = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'web', labels: {}, annotations: { 'a/b': 'true', note: 'x: y' } },
    spec: {
      containers: [{ name: 'web', image: 'nginx:1', args: ['-c', 'sleep 1\nexit'], ports: [] }],
      replicas: 3,
      paused: false,
      empty: '',
      at: '2026-01-01T00:00:00Z',
      gone: null,
    },
  }
  assert.equal(
    yamlOf(object),
    `apiVersion: v1
kind: Pod
metadata:
  annotations:
    a/b: "true"
    note: "x: y"
  labels: {}
  name: web
spec:
  at: "2026-01-01T00:00:00Z"
  containers:
  - args:
    - "-c"
    - |-
      sleep 1
      exit
    image: nginx:1
    name: web
    ports: []
  empty: ""
  gone: null
  paused: false
  replicas: 3
`,
  )
})

test('lists of lists, and texts of many lines', () => {
  assert.equal(
    yamlOf({ a: [['x', 'y'], [], {}], b: 'one\n\ntwo\n' }),
    'a:\n- - x\n  - y\n- []\n- {}\nb: |\n  one\n\n  two\n',
  )
})
