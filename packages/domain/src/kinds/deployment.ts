import type { Deployment } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { changedSpecFields } from './spec-changes.ts'

/** A Deployment's changes bear the names of what people do: scale, pause, resume. */
export const deploymentRules: KindRules = {
  countsGeneration: true,
  nameChange: (before, after) => {
    const changed = changedSpecFields(before, after)
    if (changed.length !== 1) return undefined
    if (changed[0] === 'replicas') return 'DeploymentScaled'
    if (changed[0] !== 'paused') return undefined
    return (after as Deployment).spec.paused ? 'DeploymentPaused' : 'DeploymentResumed'
  },
}
