import { invalidValue } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { pathSegmentProblem } from '../../name-syntax.ts'
import type { Event } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { plainKind } from '../plain-kind.ts'
import { eventsV1 } from './events-v1.ts'

const apart = { group: 'events.k8s.io', version: 'v1' }

/** Event: names, columns and selectable fields. Events that are computed from the log have this form, too. */
export const events: Resource<Event> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }, apart],
  plural: 'events',
  singular: 'event',
  kind: 'Event',
  listKind: 'EventList',
  namespaced: true,
  shortNames: ['ev'],
  selectableFields: {
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    reason: ({ reason = '' }) => reason,
    reportingComponent: ({ reportingComponent = '' }) => reportingComponent,
    source: ({ source, reportingComponent }) => source?.component || reportingComponent || '',
    type: ({ type = '' }) => type,
  },
  conversions: { 'events.k8s.io/v1': eventsV1 },
  nameProblem: pathSegmentProblem,
  validate: ({ involvedObject, metadata }) => {
    const { namespace = '' } = involvedObject ?? {}
    // An Event about a cluster-scoped object is in `default`, or in no namespace.
    const isThere =
      namespace === '' ? metadata.namespace === 'default' : namespace === metadata.namespace
    const field = 'involvedObject.namespace'
    return isThere ? [] : [invalidValue(field, namespace, 'does not match event.namespace')]
  },
  columns: [
    { name: 'Last Seen' },
    { name: 'Type' },
    { name: 'Reason' },
    { name: 'Object' },
    { name: 'Subobject', wide: true },
    { name: 'Source', wide: true },
    { name: 'Message' },
    { name: 'First Seen', wide: true },
    { name: 'Count', wide: true },
    { name: 'Name', format: 'name', wide: true },
  ],
  row: (event, now) => [
    ageOf(lastSeen(event), now),
    event.type ?? '',
    event.reason ?? '',
    `${(event.involvedObject?.kind ?? '').toLowerCase()}/${event.involvedObject?.name ?? ''}`,
    event.involvedObject?.fieldPath ?? '',
    [event.source?.component, event.source?.host].filter(Boolean).join(', '),
    (event.message ?? '').trim(),
    ageOf(event.firstTimestamp ?? event.eventTime ?? undefined, now),
    event.series?.count ?? event.count ?? 1,
    event.metadata.name,
  ],
}

const lastSeen = ({ series, lastTimestamp, eventTime }: Event): string | undefined =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? undefined
