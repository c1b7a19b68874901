import { type FieldError, forbiddenField, invalidValue } from '../../field-error.ts'
import { nonNegative } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import type { Lease } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** Lease: who leads, and until when. Clients use it for leader election; nothing here reads it. */
export const leases: Resource<Lease> = {
  ...plainKind,
  group: 'coordination.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'coordination.k8s.io', version: 'v1' }],
  plural: 'leases',
  singular: 'lease',
  kind: 'Lease',
  listKind: 'LeaseList',
  namespaced: true,
  validate: ({ spec = {} }) => validateLeaseSpec(spec),
  columns: [nameColumn, { name: 'Holder' }, ageColumn],
  row: ({ metadata, spec }, now) => [
    metadata.name,
    spec?.holderIdentity ?? '',
    ageOf(metadata.creationTimestamp, now),
  ],
}

/** Upstream's `ValidateLeaseSpec`. */
function validateLeaseSpec(spec: NonNullable<Lease['spec']>): FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions, strategy, preferredHolder } = spec
  const errors: FieldError[] = []
  if (duration !== undefined && duration <= 0) {
    const detail = 'must be greater than 0'
    errors.push(invalidValue('spec.leaseDurationSeconds', duration, detail))
  }
  if (preferredHolder && !strategy) {
    const detail = 'may only be specified if `strategy` is defined'
    errors.push(forbiddenField('spec.preferredHolder', detail))
  }
  return [...errors, ...nonNegative('spec.leaseTransitions', leaseTransitions)]
}
