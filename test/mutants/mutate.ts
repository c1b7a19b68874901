import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { folders } from '@reckon/bootstrap'
import { Stryker } from '@stryker-mutator/core'
import { root } from '../run-tests.ts'
import type { InProcessOptions } from './in-process-runner.ts'
import type { Part } from './parts.ts'
import { locate } from './passage.ts'

/** A guard that was removed or inverted, and the original text. */
export type Mutant = {
  /** The path from the root of the repository. */
  file: string
  line: number
  text: string
  by: string
  /** Where the text begins in the file, in characters. */
  at: number
  isKilled: boolean
}

// A mutant of loading code, or one that never ends, costs a new process; what these load is
// compiled once.
process.env.NODE_COMPILE_CACHE ??= folders.compileCache
// Random tests run fewer cases: a survivor costs all of them, each time.
process.env.RECKON_TEST_SHORT ??= '1'

/** Everything except comparisons, conditions and the branches that they guard. */
const excludedMutations = [
  ...['ArithmeticOperator', 'ArrayDeclaration', 'ArrowFunction', 'AssignmentOperator'],
  ...['BlockStatement', 'BooleanLiteral', 'MethodExpression', 'ObjectLiteral', 'OptionalChaining'],
  ...['Regex', 'StringLiteral', 'UnaryOperator', 'UpdateOperator'],
]

/**
 * Removes each guard of these files in turn, in a copy of the repository, and runs the part's tests that pass through
 * it until one fails.
 */
export async function mutate({ tests }: Part, files: readonly string[]): Promise<Mutant[]> {
  const stryker = new Stryker({
    mutate: [...files],
    mutator: { excludedMutations },
    plugins: [join(import.meta.dirname, 'in-process-runner.ts')],
    testRunner: 'in-process',
    inProcess: { tests } satisfies InProcessOptions,
    coverageAnalysis: 'perTest',
    // On a busy machine a slow test is not a mutant that never ends.
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 60,
    concurrency: Math.max(1, availableParallelism() >> 1),
    reporters: ['progress-append-only'],
    ignorePatterns: ['.reckon', 'docs'],
    tempDirName: '.reckon/mutants',
    cleanTempDir: 'always',
    // It would be read through a compiler interface that the native compiler lacks.
    tsconfigFile: 'none',
    allowEmpty: true,
    allowConsoleColors: false,
  })
  const results = await stryker.runMutationTest()
  return results
    .filter(({ status }) => judged.has(status))
    .map(({ fileName, location, replacement = '', status }) => {
      const file = relative(root, fileName)
      const { at, text } = locate(readFileSync(join(root, file), 'utf8'), location)
      const isKilled = status === 'Killed' || status === 'Timeout'
      return { file, line: location.start.line, text, by: replacement, at, isKilled }
    })
}

const judged = new Set(['Killed', 'Timeout', 'Survived', 'NoCoverage'])
