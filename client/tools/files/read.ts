import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { HostTool } from '../../harness/harness.ts'
import { inputSchema, parseInput } from './input.ts'
import { placeWithoutSecrets } from './secret-free.ts'
import type { Sightings } from './sightings.ts'

const MAX_BYTES = 256 * 1024

/** Reads a text file of the project, whole or a range of lines. */
export function readTool(cwd: string, seen: Sightings): HostTool {
  return {
    name: 'Read',
    description:
      'Read a text file of the project, up to 256 KiB. For a larger one give offset and limit, in lines.',
    input: inputSchema('Read'),
    run: async (input) => {
      const { file_path, offset, limit } = parseInput('Read', input)
      const place = await placeWithoutSecrets(cwd, file_path)
      const file = await openFile(place.path, file_path).catch((error: unknown) => {
        seen.saw(place.path, undefined)
        throw error
      })
      try {
        seen.saw(place.path, await file.stat({ bigint: true }))
        const whole = offset === undefined && limit === undefined
        return whole ? await readWhole(file, file_path) : await readLines(file, offset ?? 1, limit ?? 2000)
      } finally {
        await file.close()
      }
    },
  }
}

async function openFile(path: string, asked: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch((error: unknown) => {
    throw new Error(`Cannot read ${JSON.stringify(asked)}: no such file`, { cause: error })
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Error(`Cannot read ${JSON.stringify(asked)}: expected a file`)
}

async function readWhole(file: FileHandle, asked: string): Promise<string> {
  const { size } = await file.stat()
  if (size > MAX_BYTES) {
    throw new RangeError(
      `Cannot read ${JSON.stringify(asked)} whole: it has ${size} bytes, expected at most ${MAX_BYTES}; give offset and limit`,
    )
  }
  const bytes = await file.readFile()
  if (bytes.includes(0)) throw new Error(`Cannot read ${JSON.stringify(asked)}: expected text, found bytes`)
  return bytes.toString('utf8')
}

async function readLines(file: FileHandle, offset: number, limit: number): Promise<string> {
  const lines: string[] = []
  let number = 0
  let bytes = 0
  for await (const line of file.readLines({ autoClose: false })) {
    number += 1
    if (number < offset) continue
    bytes += Buffer.byteLength(line) + 1
    if (number >= offset + limit || bytes > MAX_BYTES) break
    lines.push(line)
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : `The file has ${number} lines, none from ${offset} on`
}
