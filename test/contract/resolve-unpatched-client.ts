/**
 * Loaded before a program: its client of the event store is the one as published, from the folder in
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
