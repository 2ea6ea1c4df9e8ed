import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives each test of a file a folder with an empty app in it, and the place for the app's skills. */
export function installRoom() {
  let room: string
  beforeEach(async () => {
    room = await mkdtemp(join(tmpdir(), 'mill-install-'))
    await mkdir(join(room, 'app'))
  })
  afterEach(() => rm(room, { recursive: true, force: true }))
  return {
    get room(): string {
      return room
    },
    get app(): string {
      return join(room, 'app')
    },
    get skillsFolder(): string {
      return join(room, 'app', '.mill', 'skills')
    },
  }
}
