import type Docker from 'dockerode'

/** Engine 28's version of the API. */
const ofEngine28 = { major: 1, minor: 48 }

/** Whether this is Engine 28 or later, whose networks differ from earlier ones. */
export async function isEngine28(docker: Docker): Promise<boolean> {
  const [major = 0, minor = 0] = (await docker.version()).ApiVersion.split('.').map(Number)
  return major > ofEngine28.major || (major === ofEngine28.major && minor >= ofEngine28.minor)
}
