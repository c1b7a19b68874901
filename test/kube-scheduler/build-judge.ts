import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildGo } from '../build-go.ts'
import { root } from '../run-tests.ts'

/** Whose plugins judge. */
export const kubernetes = '1.34.2'

/**
 * Builds the judge by Go, which keeps what it has built before: the first time it takes some ten minutes on two cores.
 */
export async function buildJudge(): Promise<string> {
  const folder = join(root, '.reckon/kube-scheduler')
  const output = join(folder, 'judge')
  const source = fileURLToPath(new URL('judge.go', import.meta.url))
  await buildGo(folder, { module: 'k8s.io/kubernetes', version: kubernetes, source, output })
  return output
}
