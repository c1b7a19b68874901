#!/usr/bin/env node
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { outliveOutput } from '@reckon/process/outlive-output'
import { serveEventStore } from './serving/serve-event-store.ts'

/**
 * The command `event-store` with these flags, in this process, until SIGINT or SIGTERM; whoever calls it outlives its
 * output.
 */
export async function runEventStore(argv: readonly string[]): Promise<void> {
  // gRPC would print a line for each odd header of any stranger.
  setLogVerbosity(logVerbosity.NONE)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    await serveEventStore({
      argv,
      environment: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
      stop: stop.signal,
    })
  } catch (error) {
    process.stderr.write(`event-store: ${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}

if (import.meta.main) {
  outliveOutput()
  await runEventStore(process.argv.slice(2))
}
