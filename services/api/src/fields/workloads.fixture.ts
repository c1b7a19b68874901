import type { FieldLists } from './field-lists.fixture.ts'

const replicator = 'services/replicator/src'
const selectors = 'packages/kubernetes/src/selecting/selectors.test.ts'
const expressions = 'selector.matchExpressions[].{key,operator,values}'

/** What the spec of a Deployment has beside the template of its pods. */
export const deploymentSpec: FieldLists = {
  actedOn: {
    [`${replicator}/deployment/plan.test.ts`]: [
      '{paused,progressDeadlineSeconds,replicas,revisionHistoryLimit}',
      'strategy.type',
      'strategy.rollingUpdate.{maxSurge,maxUnavailable}',
      'selector.matchLabels.*',
    ],
    [`${replicator}/replica-set/plan.test.ts`]: ['minReadySeconds'],
    [selectors]: [expressions],
  },
  ...{ kept: {}, warned: [], refused: [] },
}

/** The same of a ReplicaSet. */
export const replicaSetSpec: FieldLists = {
  actedOn: {
    [`${replicator}/replica-set/plan.test.ts`]: [
      '{minReadySeconds,replicas}',
      'selector.matchLabels.*',
    ],
    [selectors]: [expressions],
  },
  ...{ kept: {}, warned: [], refused: [] },
}

/** The same of a ReplicationController. */
export const replicationControllerSpec: FieldLists = {
  actedOn: {
    [`${replicator}/replica-set/plan.test.ts`]: ['minReadySeconds'],
    [`${replicator}/replication-controller/controller.test.ts`]: ['replicas', 'selector.*'],
  },
  ...{ kept: {}, warned: [], refused: [] },
}

/** The same of a StatefulSet. */
export const statefulSetSpec: FieldLists = {
  actedOn: {
    [`${replicator}/stateful-set/plan.test.ts`]: [
      '{minReadySeconds,podManagementPolicy,replicas,revisionHistoryLimit,serviceName}',
      'ordinals.start',
      'selector.matchLabels.*',
      'updateStrategy.type',
      'updateStrategy.rollingUpdate.{maxUnavailable,partition}',
    ],
    [selectors]: [
      expressions,
      'volumeClaimTemplates[].spec.selector.matchExpressions[].{key,operator,values}',
    ],
    [`${replicator}/stateful-set/claims.test.ts`]: [
      'persistentVolumeClaimRetentionPolicy.{whenDeleted,whenScaled}',
      'volumeClaimTemplates[].spec.{accessModes,resources.requests.*,storageClassName}',
    ],
    'packages/kubernetes/src/matching-volume.test.ts': [
      'volumeClaimTemplates[].spec.selector.matchLabels.*',
    ],
    [`${replicator}/persistent-volume/plan.test.ts`]: ['volumeClaimTemplates[].spec.volumeName'],
  },
  kept: {
    'volumeClaimTemplates[].{apiVersion,kind,status}': 'says what it is',
    'volumeClaimTemplates[].metadata': 'as of every object',
    'volumeClaimTemplates[].spec.resources.limits.*':
      'upstream, too, goes by what is requested only',
  },
  warned: [],
  refused: [
    'volumeClaimTemplates[].spec.{dataSource,dataSourceRef,volumeAttributesClassName,volumeMode}',
  ],
}

/** The same of a DaemonSet. */
export const daemonSetSpec: FieldLists = {
  actedOn: {
    [`${replicator}/daemon-set/plan.test.ts`]: [
      '{minReadySeconds,revisionHistoryLimit}',
      'selector.matchLabels.*',
      'updateStrategy.type',
      'updateStrategy.rollingUpdate.{maxSurge,maxUnavailable}',
    ],
    [selectors]: [expressions],
  },
  ...{ kept: {}, warned: [], refused: [] },
}

/** The same of a Job, also within a CronJob. */
export const jobSpec: FieldLists = {
  actedOn: {
    [`${replicator}/job/plan.test.ts`]: [
      '{activeDeadlineSeconds,backoffLimit,backoffLimitPerIndex,completionMode,completions}',
      '{maxFailedIndexes,parallelism,podReplacementPolicy,suspend,ttlSecondsAfterFinished}',
      'successPolicy.rules[].{succeededCount,succeededIndexes}',
    ],
    [`${replicator}/ownership/pod-endings.test.ts`]: [
      'podFailurePolicy.rules[].action',
      'podFailurePolicy.rules[].onExitCodes.{operator,values}',
      'podFailurePolicy.rules[].onPodConditions[].{status,type}',
    ],
    [`${replicator}/job/failure-policy.test.ts`]: [
      'podFailurePolicy.rules[].onExitCodes.containerName',
    ],
    'packages/domain/src/kinds/job.test.ts': ['manualSelector', 'selector.matchLabels.*'],
    [selectors]: [expressions],
  },
  kept: {},
  warned: [],
  refused: ['managedBy'],
}

/** What the spec of a CronJob has beside the template of its Jobs. */
export const cronJobSpec: FieldLists = {
  actedOn: {
    [`${replicator}/cron-job/plan.test.ts`]: [
      '{concurrencyPolicy,failedJobsHistoryLimit,schedule,startingDeadlineSeconds}',
      '{successfulJobsHistoryLimit,suspend}',
    ],
    [`${replicator}/cron-job/schedule.test.ts`]: ['timeZone'],
    [`${replicator}/cron-job/job-at.test.ts`]: ['jobTemplate.metadata.{annotations,labels}.*'],
  },
  kept: {
    'jobTemplate.metadata.{creationTimestamp,deletionGracePeriodSeconds,deletionTimestamp}':
      'each Job has its own',
    'jobTemplate.metadata.{finalizers,generateName,generation,managedFields,name,namespace}':
      'each Job has its own',
    'jobTemplate.metadata.{ownerReferences,resourceVersion,selfLink,uid}': 'each Job has its own',
  },
  ...{ warned: [], refused: [] },
}

const ownOfEach =
  '{creationTimestamp,deletionGracePeriodSeconds,deletionTimestamp,generateName,generation,managedFields,name,namespace,ownerReferences,resourceVersion,selfLink,uid}'

/** What a template of pods has beside the spec of these. */
export const podTemplate: FieldLists = {
  actedOn: {
    [`${replicator}/ownership/pod-of-template.test.ts`]: [
      'metadata.{annotations,finalizers,labels}',
    ],
  },
  kept: { [`metadata.${ownOfEach}`]: 'each pod has its own' },
  ...{ warned: [], refused: [] },
}

/** A Deployment's spec as it was before apps/v1. */
export const v1beta1DeploymentSpec: FieldLists = {
  ...deploymentSpec,
  warned: ['rollbackTo.revision'],
}

/** A DaemonSet's spec as it was before apps/v1. */
export const v1beta1DaemonSetSpec: FieldLists = {
  ...daemonSetSpec,
  kept: { templateGeneration: 'upstream, too, has let go of it' },
}
