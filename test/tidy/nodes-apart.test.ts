import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, resolved, textOf } from './read-imports.ts'
import { sourceFiles } from './source-files.ts'

/** What runs on a node, and what must not be reachable from there: the log, its folds and its writers. */
const onNodes = ['services/agent/src/main.ts', 'services/proxy/src/main.ts']
const trusted = [
  /^packages\/(domain|writing|scheduling)\//,
  /^packages\/eventing\/src\/(eventstore|files|log|terms)\//,
  /^packages\/eventing\/src\/(wire\/(relay|wire-event)|reading\/(create-reader|log-(reader|follower)))\.ts$/,
  /^packages\/process\/src\/(trusted|open-trusted-ports|open-vault)\.ts$/,
  /^infra\//,
  /^@eventstore\//,
]

/** Everything that is loaded with a file: our own by path, else by the package's name. */
function loadedWith(entry: string): ReadonlyMap<string, string> {
  const from = new Map<string, string>([[entry, 'the start']])
  for (const [path] of from) {
    if (!path.endsWith('.ts')) continue
    for (const { from: name } of importsOf(textOf(path))) {
      const found = resolved(path, name)
      if (!from.has(found)) from.set(found, path)
    }
  }
  return from
}

test('nothing that runs on a node loads the log, or what folds it and writes to it', () => {
  for (const entry of onNodes) {
    const loaded = loadedWith(entry)
    assert.ok(loaded.size > 50, `${entry}: its imports are read`)
    for (const [path, by] of loaded) {
      const isTrusted = trusted.some((pattern) => pattern.test(path))
      assert.ok(!isTrusted, `${entry} loads ${path}, which ${by} imports: a node is not trusted`)
    }
  }
})

test('agent and proxy, and what passes between them and api, know of eventing the wire and time only', () => {
  const parts = /^(services\/(agent|proxy)|packages\/node-plane)\//
  for (const { path, text } of sourceFiles('.ts')) {
    if (!parts.test(path) || /\.(test|e2e|long|fixture)\.ts$/.test(path)) continue
    assert.doesNotMatch(text, /from '@reckon\/eventing'/, `${path}: use @reckon/eventing/bus`)
  }
})
