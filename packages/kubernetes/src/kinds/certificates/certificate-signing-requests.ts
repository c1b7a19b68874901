import { immutable } from '../../field-rules.ts'
import { ageOf, humanDuration } from '../../human-duration.ts'
import { pathSegmentProblem } from '../../name-syntax.ts'
import type { CertificateSigningRequest } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import {
  validateRequestSpec,
  validateRequestStatus,
} from './certificate-signing-request-validation.ts'

/** CertificateSigningRequest: a certificate that somebody asks for, somebody approves, and a signer signs. */
export const certificateSigningRequests: Resource<CertificateSigningRequest> = {
  ...plainKind,
  group: 'certificates.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'certificates.k8s.io', version: 'v1' }],
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  kind: 'CertificateSigningRequest',
  listKind: 'CertificateSigningRequestList',
  namespaced: false,
  shortNames: ['csr'],
  subresources: ['approval', 'status'],
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  nameProblem: pathSegmentProblem,
  validate: ({ spec }) => validateRequestSpec(spec ?? {}),
  validateStatus: ({ status }) => validateRequestStatus(status),
  validateUpdate: (after, before) => immutable('spec', after.spec, before.spec),
  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName' },
    { name: 'Requestor' },
    { name: 'RequestedDuration' },
    { name: 'Condition' },
  ],
  row: ({ metadata, spec, status }, now) => [
    metadata.name,
    ageOf(metadata.creationTimestamp, now),
    spec.signerName || '<none>',
    spec.username ?? '',
    spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
    conditionCell(status),
  ],
}

/** As upstream's `extractCSRStatus`: approved or denied, failed, and whether it is issued. */
function conditionCell(status: CertificateSigningRequest['status']): string {
  const has = (type: string) => status?.conditions?.some((each) => each.type === type) === true
  const decided = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  const failed = has('Failed') ? ',Failed' : ''
  return `${decided}${failed}${status?.certificate ? ',Issued' : ''}`
}
