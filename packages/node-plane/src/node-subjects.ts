/** One node's wire: whole objects, only what the node may know. */
export const nodeEvents = (node: string): string => `nodes.${node}.events`
export const nodeHead = (node: string): string => `head.nodes.${node}`
/** A node asks for everything that it may know, as of one position; answered in several messages. */
export const nodeRead = (node: string): string => `nodes.${node}.read`
/** A node reports what it has seen: request and reply, to one of the apis. */
export const nodeReports = (node: string): string => `nodes.${node}.reports`
export const nodeHeartbeat = (node: string): string => `nodes.${node}.heartbeat`
/** Each proxy publishes the wire position that it has applied. */
export const nodeApplied = (node: string): string => `applied.${node}`
export const everyApplied = 'applied.*'
