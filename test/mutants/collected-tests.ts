/**
 * A replacement for `node:test` where the same tests run repeatedly in one process: it collects them instead of running
 * them.
 */
import { mock } from 'node:test'

type Context = { after(undo: () => unknown): void; mock: typeof mock }
type Body = (context: Context) => unknown
type Hooks = { before: (() => unknown)[]; after: (() => unknown)[] }

export type CollectedTest = {
  /** Equal in every process that loads the same files in the same order. */
  id: string
  /** Rejects where it fails. The hooks of its suites run for each test, so that each starts afresh. */
  run(): Promise<void>
}

/** All tests of the loaded files. */
export const collected: CollectedTest[] = []
let suites: readonly Hooks[] = []

/** Called before the next file is loaded. */
export function beginFile(): void {
  suites = [{ before: [], after: [] }]
}

export function test(name: string, ...rest: [Body] | [options: object, Body]): void {
  const body = rest[1] ?? (rest[0] as Body)
  const hooks = suites
  const run = async () => {
    const undo: (() => unknown)[] = []
    try {
      for (const { before } of hooks) for (const each of before) await each()
      await body({ after: (each) => undo.push(each), mock })
    } finally {
      mock.restoreAll()
      for (const each of undo.reverse()) await each()
      for (const { after } of [...hooks].reverse()) for (const each of after) await each()
    }
  }
  collected.push({ id: `${collected.length} ${name}`, run })
}

export function describe(_: string, suite: () => void): void {
  const outer = suites
  suites = [...outer, { before: [], after: [] }]
  suite()
  suites = outer
}

export const before = (hook: () => unknown): unknown => suites.at(-1)?.before.push(hook)
export const after = (hook: () => unknown): unknown => suites.at(-1)?.after.push(hook)
