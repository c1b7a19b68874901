import {
  horizontalPodAutoscalers,
  podDisruptionBudgets,
  type ResourceQuota,
  resourceQuotas,
} from '@reckon/kubernetes'
import type { Sample } from '@reckon/process'
import { valueOfQuantity } from './resource-samples.ts'
import {
  amount,
  conditionSamples,
  created,
  gauge,
  generation,
  info,
  type KindState,
  kindState,
  named,
} from './state-family.ts'

const autoscalerState = kindState(horizontalPodAutoscalers, named('horizontalpodautoscaler'), [
  info('kube_horizontalpodautoscaler_info', 'What an autoscaler scales', ({ spec }) => ({
    scaletargetref_api_version: spec.scaleTargetRef.apiVersion ?? '',
    scaletargetref_kind: spec.scaleTargetRef.kind,
    scaletargetref_name: spec.scaleTargetRef.name,
  })),
  created('kube_horizontalpodautoscaler_created'),
  generation('kube_horizontalpodautoscaler_metadata_generation'),
  amount('kube_horizontalpodautoscaler_spec_min_replicas', 'The fewest pods', ({ spec }) => {
    return spec.minReplicas ?? 1
  }),
  amount('kube_horizontalpodautoscaler_spec_max_replicas', 'The most pods', ({ spec }) => {
    return spec.maxReplicas
  }),
  amount('kube_horizontalpodautoscaler_status_current_replicas', 'Pods now', ({ status }) => {
    return status?.currentReplicas ?? 0
  }),
  amount('kube_horizontalpodautoscaler_status_desired_replicas', 'Pods wanted', ({ status }) => {
    return status?.desiredReplicas ?? 0
  }),
  gauge('kube_horizontalpodautoscaler_status_condition', 'Its conditions', ({ status }) =>
    conditionSamples(status?.conditions),
  ),
])

const budgetState = kindState(podDisruptionBudgets, named('poddisruptionbudget'), [
  created('kube_poddisruptionbudget_created'),
  amount('kube_poddisruptionbudget_status_current_healthy', 'Pods that serve', ({ status }) => {
    return status?.currentHealthy ?? 0
  }),
  amount('kube_poddisruptionbudget_status_desired_healthy', 'Pods that have to', ({ status }) => {
    return status?.desiredHealthy ?? 0
  }),
  amount('kube_poddisruptionbudget_status_pod_disruptions_allowed', 'Pods that may go', (each) => {
    return each.status?.disruptionsAllowed ?? 0
  }),
  amount('kube_poddisruptionbudget_status_expected_pods', 'Pods that it is about', ({ status }) => {
    return status?.expectedPods ?? 0
  }),
  amount(
    'kube_poddisruptionbudget_status_observed_generation',
    'As of which generation',
    (each) => {
      return each.status?.observedGeneration
    },
  ),
])

const quotaState = kindState(resourceQuotas, named('resourcequota'), [
  created('kube_resourcequota_created'),
  gauge('kube_resourcequota', 'What a namespace may have, and what it has', ({ status }) => [
    ...quotaSamples(status?.hard, 'hard'),
    ...quotaSamples(status?.used, 'used'),
  ]),
])

const quotaSamples = (
  amounts: NonNullable<ResourceQuota['status']>['hard'],
  type: 'hard' | 'used',
): readonly Sample[] =>
  Object.entries(amounts ?? {}).map(([resource, quantity]) => ({
    labels: { resource, type },
    value: valueOfQuantity(resource, quantity),
  }))

/** What holds others within bounds, under the names of kube-state-metrics. */
export const limitStates: readonly KindState[] = [autoscalerState, budgetState, quotaState]
