import type { Deployment } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { isOnlyChange } from './spec-changes.ts'

/** Names the changes of a Deployment by what users do: scale, pause, resume. */
export const deploymentRules: KindRules<Deployment> = {
  countsGeneration: true,
  statusMetadata: ['annotations'],
  changes: [
    { type: 'DeploymentScaled', is: isOnlyChange('replicas') },
    {
      type: 'DeploymentPaused',
      is: (before, after) => after.spec.paused === true && isOnlyChange('paused')(before, after),
    },
    { type: 'DeploymentResumed', is: isOnlyChange('paused') },
  ],
}
