import { hostname } from 'node:os'
import { Objects } from '@reckon/domain'
import { openTrustedPorts, readConfiguration, runProcess, trustedOptions } from '@reckon/process'
import { PodsEverCreated } from './pods-ever-created.ts'
import { runReplicator } from './run-replicator.ts'

await runProcess('replicator', async (context) => {
  const { signal } = context
  const given = readConfiguration(trustedOptions('replicator'), process.argv.slice(2), process.env)
  const objects = new Objects()
  const podsEverCreated = new PodsEverCreated()
  const ports = await openTrustedPorts('replicator', given, [objects, podsEverCreated], context)
  const holder = `replicator@${hostname()}`
  try {
    await Promise.all([
      ports.reader.run(signal),
      runReplicator({ ...ports, objects, podsEverCreated }, { holder }, signal),
    ])
  } finally {
    await ports.close()
  }
})
