import { hostname } from 'node:os'
import { Objects } from '@reckon/domain'
import { openTrustedPorts, readConfiguration, runProcess, trustedOptions } from '@reckon/process'
import { runScheduler } from './run-scheduler.ts'

await runProcess('scheduler', async (context) => {
  const { signal } = context
  const given = readConfiguration(trustedOptions('scheduler'), process.argv.slice(2), process.env)
  const objects = new Objects()
  const ports = await openTrustedPorts('scheduler', given, [objects], context)
  const holder = `scheduler@${hostname()}`
  try {
    await Promise.all([
      ports.reader.run(signal),
      runScheduler({ ...ports, objects }, { holder }, signal),
    ])
  } finally {
    await ports.close()
  }
})
