import { type FieldLists, ownOfObject } from './field-lists.fixture.ts'

const rules = '{apiGroups,nonResourceURLs,resourceNames,resources,verbs}'
const nothingElse = { kept: {}, warned: [], refused: [] }

/** A ConfigMap, whole. */
export const configMap: FieldLists = {
  actedOn: {
    'services/agent/src/volumes/volume-content.test.ts': ['{binaryData,data}.*'],
    'packages/kubernetes/src/validation.test.ts': ['immutable'],
  },
  ...{ kept: ownOfObject, warned: [], refused: [] },
}

/** A Secret, whole. */
export const secret: FieldLists = {
  actedOn: {
    'packages/kubernetes/src/kinds/core/secrets.test.ts': ['data.*', 'immutable', 'type'],
    'services/api/src/verbs/secret.test.ts': ['stringData.*'],
  },
  ...{ kept: ownOfObject, warned: [], refused: [] },
}

/** A ServiceAccount, whole. */
export const serviceAccount: FieldLists = {
  actedOn: {
    'packages/domain/src/admission/pod-identity.test.ts': [
      'automountServiceAccountToken',
      'imagePullSecrets[].name',
    ],
  },
  kept: {
    ...ownOfObject,
    secrets: 'upstream, too, goes by it only where an annotation that is going away asks for it',
  },
  ...{ warned: [], refused: [] },
}

/** A Role, whole. */
export const role: FieldLists = {
  actedOn: { 'packages/domain/src/access/rule-allows.test.ts': [`rules[].${rules}`] },
  ...{ kept: ownOfObject, warned: [], refused: [] },
}

/** A ClusterRole, whole. */
export const clusterRole: FieldLists = {
  actedOn: {
    ...role.actedOn,
    'services/replicator/src/role-aggregation/plan.test.ts': [
      'aggregationRule.clusterRoleSelectors[].matchLabels.*',
    ],
    'packages/kubernetes/src/selecting/selectors.test.ts': [
      'aggregationRule.clusterRoleSelectors[].matchExpressions[].{key,operator,values}',
    ],
  },
  ...{ kept: ownOfObject, warned: [], refused: [] },
}

/** A RoleBinding or ClusterRoleBinding, whole. */
export const roleBinding: FieldLists = {
  actedOn: {
    'packages/domain/src/access/rules-of-user.test.ts': [
      'roleRef.{kind,name}',
      'subjects[].{kind,name,namespace}',
    ],
  },
  kept: { ...ownOfObject, '{roleRef,subjects[]}.apiGroup': 'there is one group for each kind' },
  ...{ warned: [], refused: [] },
}

/** A PriorityClass, whole. */
export const priorityClass: FieldLists = {
  actedOn: {
    'packages/domain/src/admission/pod-identity.test.ts': [
      'globalDefault',
      'preemptionPolicy',
      'value',
    ],
  },
  kept: { ...ownOfObject, description: 'for people to read' },
  ...{ warned: [], refused: [] },
}

/** The spec of a PodDisruptionBudget. */
export const podDisruptionBudgetSpec: FieldLists = {
  actedOn: {
    'services/replicator/src/disruption/plan.test.ts': ['{maxUnavailable,minAvailable}'],
    'services/api/src/evicting/spent-budget.test.ts': ['unhealthyPodEvictionPolicy'],
    'packages/kubernetes/src/selecting/selectors.test.ts': [
      'selector.matchLabels.*',
      'selector.matchExpressions[].{key,operator,values}',
    ],
  },
  ...nothingElse,
}

/** The spec of a LimitRange. */
export const limitRangeSpec: FieldLists = {
  actedOn: {
    'packages/domain/src/admission/limit-ranger.test.ts': [
      'limits[].{default,defaultRequest,max,maxLimitRequestRatio,min}.*',
      'limits[].type',
    ],
  },
  ...nothingElse,
}

/** The spec of a ResourceQuota. */
export const resourceQuotaSpec: FieldLists = {
  actedOn: {
    'packages/domain/src/quota/counted-by.test.ts': [
      'hard.*',
      'scopes[]',
      'scopeSelector.matchExpressions[].{operator,scopeName,values}',
    ],
  },
  ...nothingElse,
}

/** The spec of a Lease. */
export const leaseSpec: FieldLists = {
  actedOn: {},
  kept: {
    '{acquireTime,holderIdentity,leaseDurationSeconds,leaseTransitions,renewTime}':
      'clients agree by it who leads',
    '{preferredHolder,strategy}': 'for clients that elect together',
  },
  ...{ warned: [], refused: [] },
}

/** The spec of a CertificateSigningRequest. */
export const certificateSigningRequestSpec: FieldLists = {
  actedOn: {
    'services/replicator/src/certificate-signing/certificate-signing.test.ts': [
      '{expirationSeconds,request,signerName,usages}',
    ],
  },
  kept: { '{extra,groups,uid,username}': 'says who asked; the api fills it in' },
  ...{ warned: [], refused: [] },
}

/** The spec of a Namespace. */
export const namespaceSpec: FieldLists = {
  actedOn: { 'packages/domain/src/kinds/namespace.test.ts': ['finalizers'] },
  ...nothingElse,
}

/** The spec of a Node. */
export const nodeSpec: FieldLists = {
  actedOn: {
    'packages/domain/src/kinds/node-range.test.ts': ['{podCIDR,podCIDRs}'],
    'packages/scheduling/src/plugins/taint-toleration.test.ts': ['taints[].{effect,key,value}'],
    'packages/domain/src/kinds/kind-events.test.ts': ['unschedulable'],
    'services/replicator/src/node-lifecycle/plan.test.ts': ['taints[].timeAdded'],
  },
  kept: {
    providerID: 'for clouds, of which nothing here knows',
    '{configSource,externalID}': 'upstream, too, has let go of them',
  },
  ...{ warned: [], refused: [] },
}
