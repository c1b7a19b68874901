import { Objects } from '@reckon/domain'
import { MalformedMessages, type OpenReader, runRelay, type Vault } from '@reckon/eventing'
import { NodeKnowledge } from '@reckon/node-plane'
import { createMetrics, gaugeIn, runTogether } from '@reckon/process'
import { Known } from '@reckon/writing'
import type { FastifyInstance } from 'fastify'
import { type ApiOptions, createApi } from './create-api.ts'
import { aborted, type Founding, keepFounded, untilFounded } from './founding/keep-founded.ts'
import { publishApplied } from './node-plane/applied.ts'
import { answerReads } from './node-plane/read.ts'
import { answerReports } from './node-plane/reports.ts'
import { answerSecrets } from './node-plane/secrets.ts'
import { publishNodeWires } from './node-plane/wire.ts'
import type { ApiPorts } from './ports.ts'

/** Everything that api gets from outside. Without a vault it sees of a Secret that it exists, and no more. */
export type RunPorts = Omit<ApiPorts, 'objects' | 'known' | 'reader'> & {
  openReader: OpenReader
  vault?: Vault
  /** Lets requests in. */
  listen(app: FastifyInstance): Promise<void>
}

export type { ApiPorts } from './ports.ts'
export type ApiConfiguration = ApiOptions & Founding

/**
 * Serves the API until the signal aborts; besides, keeps the view up to the log, relays the log to the wire, and speaks
 * with the nodes.
 */
export async function runApi(
  { openReader, vault, listen, ...given }: RunPorts,
  configuration: ApiConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const objects = new Objects(vault)
  const reader = openReader([objects])
  const ports: ApiPorts = { ...given, objects, known: new Known(objects), reader }
  // It watches the view from its beginning.
  const app = createApi(ports, configuration)
  try {
    await listen(app)
    await runTogether(signal, [
      (ended) => ports.reader.run(ended),
      (ended) => runRelay(ports, { signal: ended, logger: ports.logger }),
      (ended) => serveNodes(ports, configuration, ended),
    ])
  } finally {
    await app.close()
  }
}

/** Founds what is missing, then serves the nodes. */
async function serveNodes(ports: ApiPorts, founding: Founding, signal: AbortSignal): Promise<void> {
  await Promise.race([ports.reader.ready, aborted(signal)])
  await untilFounded(ports, founding, signal)
  if (signal.aborted) return
  const knowledge = new NodeKnowledge(ports.objects)
  const malformed = new MalformedMessages(ports.logger)
  gaugeIn(ports.metrics ?? createMetrics(), {
    name: 'reckon_node_messages_dropped',
    help: 'Messages of nodes that made no sense since the process began',
    collect() {
      this.set(malformed.count)
    },
  })
  measureMalformed(ports, malformed)
  const ends = [
    answerReads(ports, knowledge, malformed),
    answerSecrets(ports, knowledge, malformed),
    answerReports(ports, malformed),
  ]
  await runTogether(signal, [
    (ended) => publishNodeWires(ports, knowledge, ended),
    (ended) => publishApplied(ports, malformed, ended),
    (ended) => keepFounded(ports, founding, ended),
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
