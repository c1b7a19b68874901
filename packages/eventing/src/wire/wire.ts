/** The trusted services' wire: one total order with everything in it. */
export const trustedEvents = 'events.all'
/** Every second the last position of the trusted wire, unrecorded. */
export const eventsHead = 'head.events'

/** The active instance of a service answers here with its term. */
export const termOf = (service: string): string => `terms.${service}`
