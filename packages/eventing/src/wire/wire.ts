/** The subject of the trusted services' wire: all events in one total order. */
export const trustedEvents = 'events.all'
/** Here the last position of the trusted wire is published every second; it is not recorded. */
export const eventsHead = 'head.events'

/** The active instance of a service answers here with its term. */
export const termOf = (service: string): string => `terms.${service}`
