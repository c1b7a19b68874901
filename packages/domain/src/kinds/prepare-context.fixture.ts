import { ResourceTable } from '@reckon/kubernetes'
import type { PrepareContext } from './kind-rules.ts'

/** What a rule looks at in a cluster where nobody holds anything; what is drawn is the first that may be. */
export const contextWith = (around: Partial<PrepareContext> = {}): PrepareContext => ({
  cluster: undefined,
  resources: new ResourceTable(),
  holderOf: () => undefined,
  ids: { next: () => '', below: () => 0 },
  ...around,
})
