import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

test('a pod that names its node fits no other', () => {
  const then = given(node('a'), node('b')).when(pod({ nodeName: 'b' }))
  then.thenSuits('b')
  then.thenRejected('a', 'NodeName', "node(s) didn't match the requested node name")
})
