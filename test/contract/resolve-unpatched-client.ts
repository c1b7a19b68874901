/**
 * Preloaded into a program, so that its client of the event store, and gRPC, are the published ones in the folder
 * `UNPATCHED_CLIENT`.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const parentURL = pathToFileURL(`${process.env.UNPATCHED_CLIENT}/importer.js`).href
const published = ['@eventstore/db-client', '@grpc/grpc-js']

registerHooks({
  resolve: (specifier, context, next) =>
    published.some((name) => specifier === name || specifier.startsWith(`${name}/`))
      ? next(specifier, { ...context, parentURL })
      : next(specifier, context),
})
