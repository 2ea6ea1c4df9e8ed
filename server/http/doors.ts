import type { Server } from 'node:http'
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net'

/** Where a server listens; port 0 takes any free one. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly ipv6Only: boolean
}

/**
 * Listening sockets on one address. Node lets in one client of each per turn of its loop, and in one turn it also
 * answers everybody who is in already: through one door, the last of two thousand would wait for two thousand turns.
 */
const DOORS = 128

/** Clients who may arrive at one moment; of more than that, each would try again a second later. */
const BACKLOG = 4_096

/**
 * Lets a server listen at as many doors as the system allows, all on one port: on Linux many, elsewhere one. Whoever
 * comes in by any of them is a connection of the server.
 *
 * @throws what the system says when the port cannot be had.
 */
export async function openDoors(server: Server, address: Address): Promise<readonly NetServer[]> {
  // Doors share their port with whoever wants to share it, so it is first asked for without sharing.
  const probe = createServer()
  await opened(probe, address)
  const shared = { ...address, port: portOf(probe), reusePort: true }
  await new Promise((resolve) => probe.close(resolve))
  try {
    await opened(server, shared)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTSUP') throw error
    await opened(server, { ...address, port: shared.port })
    return [server]
  }
  const others = Array.from({ length: DOORS - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  )
  const doors = [server, ...others]
  try {
    await Promise.all(others.map((door) => opened(door, shared)))
  } catch (error) {
    for (const door of doors) door.close()
    throw error
  }
  return doors
}

/** The port that a server listens on. */
export function portOf(server: NetServer): number {
  return (server.address() as AddressInfo).port
}

function opened(server: NetServer, address: Address & { readonly reusePort?: boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...address, exclusive: true, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
