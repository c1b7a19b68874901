import { globSync } from 'node:fs'
import { root } from '../run-tests.ts'

/** Code that decides, and the tests that should notice when it decides differently. */
export type Part = {
  name: string
  /**
   * The first stage: the part's own unit tests, from the repository's root, without random ones, which cost each
   * survivor too much.
   */
  tests: string
  isIn(path: string): boolean
}

const packageNamed = (name: string): Part => ({
  name,
  tests: `packages/${name}/src/**/!(*.property).test.ts`,
  isIn: (path) => path.startsWith(`packages/${name}/src/`),
})

export const parts: readonly Part[] = [
  ...['domain', 'writing', 'scheduling', 'eventing'].map(packageNamed),
  {
    name: 'plans',
    tests: 'services/*/src/**/plan*.test.ts',
    isIn: (path) => /^services\/[^/]+\/src\/.*\/plan\.ts$/.test(path),
  },
]

/** Every production file of the part. */
export const filesOf = ({ isIn }: Part): string[] =>
  globSync(['packages/*/src/**/*.ts', 'services/*/src/**/plan.ts'], { cwd: root }).filter(
    (path) => isIn(path) && isProduction(path),
  )

/** Neither a test nor a fixture. */
export const isProduction = (path: string): boolean =>
  /\.ts$/.test(path) && !/(\.(test|fixture)|-contract)\.ts$/.test(path)
