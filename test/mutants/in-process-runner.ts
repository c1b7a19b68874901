import { globSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import {
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type StrykerOptions,
} from '@stryker-mutator/api/core'
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import { beginFile, type CollectedTest, collected } from './collected-tests.ts'

const { NAMESPACE } = INSTRUMENTER_CONSTANTS

/** What the instrumented code reads. */
const context: InstrumenterContext = Reflect.get(globalThis, NAMESPACE) ?? {}
Reflect.set(globalThis, NAMESPACE, context)

const standIn = new URL('./collected-tests.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, of, next) =>
    specifier === 'node:test' ? { url: standIn, shortCircuit: true } : next(specifier, of),
})

/**
 * Runs tests for Stryker in one process: each mutant is judged by the tests that pass through it, the quickest first,
 * and no process is started for it.
 */
class InProcessRunner implements TestRunner {
  static readonly inject = ['options'] as const
  readonly #pattern: string
  readonly #tookMs = new Map<string, number>()
  #isLoaded = false
  #stray: unknown

  constructor({ inProcess }: StrykerOptions) {
    this.#pattern = (inProcess as InProcessOptions).tests
    process.on('unhandledRejection', (error) => {
      this.#stray = error
    })
  }

  capabilities() {
    return { reloadEnvironment: false }
  }

  async dryRun(): Promise<DryRunResult> {
    await this.#load()
    const tests = await this.#run(collected, { isAll: true })
    const { mutantCoverage = { static: {}, perTest: {} } } = context
    return { status: DryRunStatus.Complete, tests, mutantCoverage }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, testFilter } = options
    Object.assign(context, { hitCount: 0, hitLimit })
    try {
      if (mutantActivation === 'static') context.activeMutant = activeMutant.id
      await this.#load()
      context.activeMutant = activeMutant.id
      const chosen = testFilter && new Set(testFilter)
      const tests = await this.#run(collected.filter(({ id }) => chosen?.has(id) ?? true))
      const tooOften = determineHitLimitReached(context.hitCount, hitLimit)
      return toMutantRunResult(tooOften ?? { status: DryRunStatus.Complete, tests })
    } catch (error) {
      const failureMessage = `not loaded: ${error}`
      return { status: MutantRunStatus.Killed, killedBy: [], failureMessage, nrOfTests: 0 }
    } finally {
      delete context.activeMutant
    }
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) return
    this.#isLoaded = true
    for (const file of globSync(this.#pattern).sort()) {
      beginFile()
      await import(pathToFileURL(resolve(file)).href)
    }
  }

  /** The results up to the first failure, or all. */
  async #run(tests: readonly CollectedTest[], { isAll = false } = {}): Promise<TestResult[]> {
    const results: TestResult[] = []
    const quickestFirst = tests.toSorted((a, b) => this.#costOf(a) - this.#costOf(b))
    for (const each of isAll ? tests : quickestFirst) {
      const result = await this.#result(each)
      results.push(result)
      if (result.status === TestStatus.Failed && !isAll) break
    }
    return results
  }

  async #result(test: CollectedTest): Promise<TestResult> {
    const { id } = test
    const beganMs = performance.now()
    context.currentTestId = id
    this.#stray = undefined
    const failure = await test.run().then(
      async () => {
        // Rejections of what a test left behind are reported only after everything it has awaited.
        await setImmediate()
        return this.#stray
      },
      (error: unknown) => error ?? 'failed',
    )
    delete context.currentTestId
    const timeSpentMs = performance.now() - beganMs
    this.#tookMs.set(id, timeSpentMs)
    const told = { id, name: id, timeSpentMs }
    return failure === undefined
      ? { ...told, status: TestStatus.Success }
      : { ...told, status: TestStatus.Failed, failureMessage: String(failure) }
  }

  #costOf({ id }: CollectedTest): number {
    return this.#tookMs.get(id) ?? 0
  }
}

/** `tests`: a pattern of files, from the repository's root. */
export type InProcessOptions = { tests: string }

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner },
]

export const strykerValidationSchema = {
  properties: {
    inProcess: { type: 'object', properties: { tests: { type: 'string' } }, required: ['tests'] },
  },
}
