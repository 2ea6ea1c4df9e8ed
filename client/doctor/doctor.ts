import { version } from 'node:process'
import type { CliIo } from '../../schemas/cli.ts'
import { readModelAccess } from '../config.ts'
import { checkDisk } from './checks/disk.ts'
import { checkEndpoints } from './checks/endpoints.ts'
import { checkGit } from './checks/git.ts'
import { checkHarnesses } from './checks/harnesses.ts'
import { checkKeys } from './checks/keys.ts'
import { checkNode } from './checks/node.ts'
import { checkServer } from './checks/server.ts'
import { checkTerminal } from './checks/terminal.ts'
import type { Finding } from './finding.ts'

export interface DoctorOptions {
  /** Folder of the app that a run would work on. */
  readonly app: string
  readonly base: string
  readonly modelUrl?: string
}

/** Looks at everything a run needs, in the order in which a run would miss it. Changes nothing. */
export async function examine(options: DoctorOptions, io: CliIo): Promise<readonly Finding[]> {
  const { app, base, modelUrl } = options
  const access = readModelAccess(io.env)
  const [server, disk, git, harnesses, endpoints] = await Promise.all([
    checkServer(base, io.signal),
    checkDisk(app),
    checkGit(),
    checkHarnesses({ access, ...(modelUrl === undefined ? {} : { modelUrl }) }),
    checkEndpoints(access),
  ])
  const keys = checkKeys(access)
  return [checkNode(version), server, disk, ...harnesses, keys, ...endpoints, git, checkTerminal(io)]
}
