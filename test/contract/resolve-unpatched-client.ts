/**
 * Preloaded into a program, so that its client of the event store is the published one in the folder
 * `UNPATCHED_CLIENT`.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const parentURL = pathToFileURL(`${process.env.UNPATCHED_CLIENT}/importer.js`).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('@eventstore/db-client')
      ? next(specifier, { ...context, parentURL })
      : next(specifier, context),
})
