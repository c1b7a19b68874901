/**
 * What we use of Node's `http`. Whoever imports that by name asks for all it has, and so takes undici along: 5 MiB of
 * every process.
 */
export const { createServer, request, ServerResponse, STATUS_CODES } =
  process.getBuiltinModule('node:http')
