import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

const cordoned = node('a', { spec: { unschedulable: true } })

test('a cordoned node takes no pod', () =>
  given(cordoned).when(pod()).thenRejected('a', 'NodeUnschedulable', 'node(s) were unschedulable'))

test('a pod that tolerates the taint for it goes there all the same', () =>
  given(cordoned)
    .when(pod({ tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] }))
    .thenSuits('a'))
