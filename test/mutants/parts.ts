import { globSync } from 'node:fs'
import { root } from '../run-tests.ts'

/** Code that decides, and the tests that are to notice when it decides otherwise. */
export type Part = {
  name: string
  /**
   * The first stage: the part's own unit tests, from the repository's root; those by chance cost each survivor too
   * much.
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

/** Every file of the part that is production code. */
export const filesOf = ({ isIn }: Part): string[] =>
  globSync(['packages/*/src/**/*.ts', 'services/*/src/**/plan.ts'], { cwd: root }).filter(
    (path) => isIn(path) && isProduction(path),
  )

/** Neither a test nor what tests are made of. */
export const isProduction = (path: string): boolean =>
  /\.ts$/.test(path) && !/(\.(test|fixture)|-contract)\.ts$/.test(path)
