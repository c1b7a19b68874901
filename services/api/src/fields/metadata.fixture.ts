import { inDefault } from '../api.fixture.ts'
import type { Part } from './field-lists.fixture.ts'

/** What every object has. */
export const metadataPart: Part = {
  ...{ name: 'the metadata of every object', at: 'metadata' },
  schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  ...{ url: inDefault('configmaps'), base: { metadata: { name: 'x' } } },
  lists: {
    actedOn: {
      'packages/kubernetes/src/validation.test.ts': [
        '{finalizers,generateName,labels,name,namespace}',
      ],
      'services/api/src/verbs/verbs.test.ts': ['{resourceVersion,uid}'],
      'services/replicator/src/garbage/plan.test.ts': [
        'ownerReferences[].{apiVersion,blockOwnerDeletion,kind,name,uid}',
      ],
      'services/replicator/src/ownership/claim.test.ts': ['ownerReferences[].controller'],
      'services/api/src/verbs/apply.test.ts': [
        'managedFields[].{apiVersion,fieldsV1,manager,operation,subresource}',
      ],
    },
    kept: {
      annotations: 'for clients to read; who acts on one has a test that names it',
      '{creationTimestamp,deletionGracePeriodSeconds,deletionTimestamp,generation,selfLink}':
        'the api says it, whatever was sent, as upstream',
      'managedFields[].{fieldsType,time}':
        'there is one type of fields; when is for people to read',
    },
    warned: [],
    refused: [],
  },
}
