import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

const listening = (nodeName: string, hostPort: number, protocol = 'TCP') =>
  pod({
    nodeName,
    containers: [{ name: 'c', image: 'c', ports: [{ containerPort: 80, hostPort, protocol }] }],
  })

test('a port of the node is taken once', () =>
  given(node('a'), listening('a', 8080))
    .when(listening('', 8080))
    .thenRejected('a', 'NodePorts', "node(s) didn't have free ports for the requested pod ports"))

test('another protocol or another port is another port', () => {
  const cluster = given(node('a'), listening('a', 8080))
  cluster.when(listening('', 8080, 'UDP')).thenSuits('a')
  cluster.when(listening('', 8081)).thenSuits('a')
})
