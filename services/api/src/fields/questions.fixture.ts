import { inDefault } from '../api.fixture.ts'
import { type FieldLists, fullObject, ownOfObject, type Part } from './field-lists.fixture.ts'

const reviews = 'services/api/src/access/reviews/reviews.test.ts'
const tokens = 'services/api/src/verbs/token.test.ts'
const asksBy = 'rights say nothing of it, as by RBAC upstream'
const unsafeDeletion = 'an object here can always be read: there is nothing to ignore'
const nothingElse = { warned: [], refused: [] }

const access: FieldLists = {
  actedOn: {
    [reviews]: [
      'spec.nonResourceAttributes.{path,verb}',
      'spec.resourceAttributes.{group,name,namespace,resource,subresource,verb}',
    ],
  },
  kept: {
    ...ownOfObject,
    'spec.resourceAttributes.{fieldSelector,labelSelector,version}': asksBy,
    status: 'is the answer',
  },
  ...nothingElse,
}

const subjectAccess: FieldLists = {
  actedOn: { [reviews]: [...(access.actedOn[reviews] ?? []), 'spec.{groups,user}'] },
  kept: { ...access.kept, 'spec.{extra,uid}': asksBy },
  ...nothingElse,
}

const answerOnly: FieldLists = {
  actedOn: {},
  kept: { ...ownOfObject, status: 'is the answer' },
  ...nothingElse,
}

const group = '/apis/authorization.k8s.io/v1'
const authentication = '/apis/authentication.k8s.io/v1'
const authorizations = 'io.k8s.api.authorization.v1'
const authentications = 'io.k8s.api.authentication.v1'

/** What is answered or carried out, and never stored: kinds, and bodies of subresources. */
export const questionParts: readonly Part[] = [
  {
    ...{ name: 'a SelfSubjectAccessReview', lists: access },
    schema: `${authorizations}.SelfSubjectAccessReview`,
    ...fullObject(`${group}/selfsubjectaccessreviews`),
  },
  {
    ...{ name: 'a SubjectAccessReview', lists: subjectAccess },
    schema: `${authorizations}.SubjectAccessReview`,
    ...fullObject(`${group}/subjectaccessreviews`),
  },
  {
    ...{ name: 'a LocalSubjectAccessReview', lists: subjectAccess },
    schema: `${authorizations}.LocalSubjectAccessReview`,
    ...fullObject(`${group}/namespaces/default/localsubjectaccessreviews`),
  },
  {
    name: 'a SelfSubjectRulesReview',
    schema: `${authorizations}.SelfSubjectRulesReview`,
    lists: { ...answerOnly, actedOn: { [reviews]: ['spec.namespace'] } },
    ...fullObject(`${group}/selfsubjectrulesreviews`),
  },
  {
    ...{ name: 'a SelfSubjectReview', lists: answerOnly },
    schema: `${authentications}.SelfSubjectReview`,
    ...fullObject(`${authentication}/selfsubjectreviews`),
  },
  {
    ...{ name: 'a TokenReview', schema: `${authentications}.TokenReview` },
    lists: { ...answerOnly, actedOn: { [tokens]: ['spec.{audiences,token}'] } },
    ...fullObject(`${authentication}/tokenreviews`),
  },
  {
    ...{ name: 'a TokenRequest', schema: `${authentications}.TokenRequest` },
    lists: {
      ...answerOnly,
      actedOn: {
        [tokens]: [
          'spec.{audiences,expirationSeconds}',
          'spec.boundObjectRef.{apiVersion,kind,name,uid}',
        ],
      },
    },
    ...fullObject(`${inDefault('serviceaccounts')}/default/token`),
  },
  {
    ...{ name: 'a Binding', schema: 'io.k8s.api.core.v1.Binding' },
    lists: {
      actedOn: { 'services/api/src/verbs/binding.test.ts': ['target.name'] },
      kept: {
        ...ownOfObject,
        'target.{apiVersion,fieldPath,namespace,resourceVersion,uid}':
          'a node is told by its name alone, as upstream',
      },
      ...{ warned: [], refused: ['target.kind'] },
    },
    ...{ url: `${inDefault('pods')}/x/binding`, at: '', base: { target: { name: 'node-1' } } },
  },
  {
    ...{ name: 'an Eviction', schema: 'io.k8s.api.policy.v1.Eviction' },
    lists: {
      actedOn: {
        'services/api/src/verbs/eviction.test.ts': [
          'deleteOptions.{dryRun,gracePeriodSeconds}',
          'deleteOptions.preconditions.{resourceVersion,uid}',
        ],
      },
      kept: {
        ...ownOfObject,
        'deleteOptions.{apiVersion,kind}': 'says what it is',
        'deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential': unsafeDeletion,
      },
      ...{ warned: [], refused: ['deleteOptions.{orphanDependents,propagationPolicy}'] },
    },
    ...fullObject(`${inDefault('pods')}/x/eviction`),
  },
  {
    ...{ name: 'DeleteOptions', schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions' },
    lists: {
      actedOn: {
        'services/api/src/verbs/delete-options.test.ts': [
          '{dryRun,gracePeriodSeconds,orphanDependents,propagationPolicy}',
          'preconditions.{resourceVersion,uid}',
        ],
      },
      kept: {
        '{apiVersion,kind}': 'says what it is',
        ignoreStoreReadErrorWithClusterBreakingPotential: unsafeDeletion,
      },
      ...nothingElse,
    },
    ...{ url: `${inDefault('configmaps')}/x`, at: '', base: {} },
  },
  {
    ...{ name: 'a Scale', schema: 'io.k8s.api.autoscaling.v1.Scale' },
    lists: {
      actedOn: { 'services/api/src/verbs/verbs.test.ts': ['spec.replicas'] },
      kept: { ...ownOfObject, status: 'says what is' },
      ...nothingElse,
    },
    ...fullObject(`${inDefault('deployments')}/x/scale`),
  },
]
