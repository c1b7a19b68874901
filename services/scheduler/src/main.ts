import { hostname } from 'node:os'
import { openTrustedPorts, readConfiguration, runProcess, trustedOptions } from '@reckon/process'
import { runScheduler } from './run-scheduler.ts'

await runProcess('scheduler', async (context) => {
  const given = readConfiguration(trustedOptions('scheduler'), process.argv.slice(2), process.env)
  const ports = await openTrustedPorts('scheduler', given, context)
  const holder = `scheduler@${hostname()}`
  try {
    await runScheduler(ports, { holder }, context.signal)
  } finally {
    await ports.close()
  }
})
