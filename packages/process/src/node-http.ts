/**
 * The parts of Node's `http` that we use. Importing it by name evaluates all of its exports, and so loads undici: 5 MiB
 * in every process.
 */
export const { createServer, request, ServerResponse, STATUS_CODES } =
  process.getBuiltinModule('node:http')
