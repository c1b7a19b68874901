import type Docker from 'dockerode'

/** The version of its API that Engine 28 came with. */
const ofEngine28 = { major: 1, minor: 48 }

/** Whether it is Engine 28 or a later one, whose networks differ from those of earlier ones. */
export async function isEngine28(docker: Docker): Promise<boolean> {
  const [major = 0, minor = 0] = (await docker.version()).ApiVersion.split('.').map(Number)
  return major > ofEngine28.major || (major === ofEngine28.major && minor >= ofEngine28.minor)
}
