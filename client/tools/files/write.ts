import { lstat, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { HostTool } from '../../harness/harness.ts'
import { inputSchema, parseInput } from './input.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { placeWithoutSecrets } from './secret-free.ts'
import { CHANGED_SINCE, type Sightings } from './sightings.ts'

/** Creates a file of the project or replaces it whole. */
export function writeTool(cwd: string, seen: Sightings): HostTool {
  return {
    name: 'Write',
    description: 'Create a file of the project, or replace the whole content of one. Folders are created.',
    input: inputSchema('Write'),
    run: async (input) => {
      const { file_path, content } = parseInput('Write', input)
      const place = await placeWithoutSecrets(cwd, file_path)
      const before = await lstat(place.path).catch(() => undefined)
      if ((before && !before.isFile()) || file_path.endsWith('/')) {
        throw new Error(`Cannot write ${JSON.stringify(file_path)}: it is not a file`)
      }
      await mkdir(dirname(place.path), { recursive: true })
      await oneAtATime(place.path, async () => {
        if (await seen.hasChanged(place.path)) {
          throw new Error(`Cannot write ${JSON.stringify(file_path)}: ${CHANGED_SINCE}`)
        }
        await writeFileAtomic(place.path, content)
        await seen.look(place.path)
      })
      return `${before ? 'Replaced' : 'Created'} ${place.relative}`
    },
  }
}
