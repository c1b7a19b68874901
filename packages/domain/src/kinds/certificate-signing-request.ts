import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  type FieldError,
  forbiddenField,
  invalid,
} from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

type Status = NonNullable<CertificateSigningRequest['status']>

const has = (status: Status | undefined, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type) === true

const becomes = (type: string) => ({
  is: (before: CertificateSigningRequest, after: CertificateSigningRequest): boolean =>
    !has(before.status, type) && has(after.status, type),
})

/**
 * The approval can only be written through `approval`, and is final; the signer writes through `status`. As upstream's
 * strategies.
 */
export const certificateSigningRequestRules: KindRules<CertificateSigningRequest> = {
  changes: [
    { type: 'CertificateSigningRequestApproved', ...becomes('Approved') },
    { type: 'CertificateSigningRequestDenied', ...becomes('Denied') },
    { type: 'CertificateSigningRequestFailed', ...becomes('Failed') },
    {
      type: 'CertificateSigningRequestIssued',
      is: (before, after) => !before.status?.certificate && !!after.status?.certificate,
    },
  ],
  prepareCreate: (object) => ({ ...object, status: {} }),
  prepareStatus: (after, before, subresource) => {
    const wanted = after.status ?? {}
    const { conditions = [], ...rest } = before.status ?? {}
    if (subresource === 'approval') {
      return checked(before, { ...rest, ...conditionsOf(wanted.conditions) })
    }
    const kept = conditions.filter(isDecision)
    const { conditions: said = [], ...other } = wanted
    const own = said.filter((condition) => !isDecision(condition))
    return checked(before, { ...other, ...conditionsOf([...kept, ...own]) })
  },
}

const isDecision = ({ type }: { type: string }): boolean => type === 'Approved' || type === 'Denied'

const conditionsOf = (conditions: Status['conditions'] = []) =>
  conditions.length > 0 ? { conditions } : {}

/** Approval and denial are final. */
function checked(before: CertificateSigningRequest, status: Status): Status {
  const types = (before.status?.conditions ?? []).map(({ type }) => type)
  const removed = types.filter((type) => !has(status, type))
  const findings: FieldError[] = removed.map((type) =>
    forbiddenField('status.conditions', `updates may not remove a condition of type "${type}"`),
  )
  const issued = before.status?.certificate
  if (issued && status.certificate !== issued) {
    const detail = 'updates may not set certificate content if one exists already'
    findings.push(forbiddenField('status.certificate', detail))
  }
  if (findings.length === 0) return status
  throw invalid(certificateSigningRequests, before.metadata.name, findings)
}
