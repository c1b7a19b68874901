import { MalformedMessages } from '@reckon/eventing'
import { NodeKnowledge } from '@reckon/node-plane'
import { createMetrics, gaugeIn, runTogether } from '@reckon/process'
import type { ApiPorts, NodePlanePorts } from '../ports.ts'
import { publishApplied } from './applied.ts'
import { answerReads } from './read.ts'
import { answerReports } from './reports.ts'
import { answerSecrets } from './secrets.ts'
import { answerTokens } from './tokens.ts'
import { publishNodeWires } from './wire.ts'

/** Serves the nodes of a founded cluster until the signal aborts. */
export async function serveNodes(ports: NodePlanePorts, signal: AbortSignal): Promise<void> {
  const knowledge = new NodeKnowledge(ports.objects)
  const malformed = new MalformedMessages(ports.logger)
  measureMalformed(ports, malformed)
  const ends = [
    answerReads(ports, knowledge, malformed),
    answerSecrets(ports, knowledge, malformed),
    answerTokens(ports, malformed),
    answerReports(ports, malformed),
  ]
  await runTogether(signal, [
    (ended) => publishNodeWires(ports, knowledge, ended),
    (ended) => publishApplied(ports, malformed, ended),
  ])
  for (const end of ends) end()
}

function measureMalformed({ metrics = createMetrics() }: ApiPorts, malformed: MalformedMessages) {
  gaugeIn(metrics, {
    name: 'reckon_malformed_node_messages',
    help: 'How many messages of nodes made no sense, or asked for an answer elsewhere, since the start.',
    collect() {
      this.set(malformed.count)
    },
  })
}
