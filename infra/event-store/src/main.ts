#!/usr/bin/env node
import { runEventStore } from './run-event-store.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  await runEventStore({
    argv: process.argv.slice(2),
    environment: process.env,
    print: (line) => process.stdout.write(`${line}\n`),
    stop: stop.signal,
  })
} catch (error) {
  process.stderr.write(`event-store: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
