import { readFile, stat } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import type { HostTool } from '../../harness/harness.ts'
import { type FileToolInput, inputSchema, parseInput } from './input.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { placeWithoutSecrets } from './secret-free.ts'
import { CHANGED_SINCE, type Sightings } from './sightings.ts'

const MAX_BYTES = 1_048_576

/** Replaces one exact piece of a file, or every occurrence of it. */
export function editTool(cwd: string, seen: Sightings): HostTool {
  return {
    name: 'Edit',
    description:
      'Replace old_string by new_string in a file. old_string must occur exactly once, unless replace_all is true.',
    input: inputSchema('Edit'),
    run: async (input) => {
      const edit = parseInput('Edit', input)
      const place = await placeWithoutSecrets(cwd, edit.file_path)
      const found = await oneAtATime(place.path, async () => {
        if (await seen.hasChanged(place.path)) throw refusal(edit.file_path, CHANGED_SINCE)
        const change = replaced(await contentOf(place.path, edit.file_path), edit)
        await writeFileAtomic(place.path, change.text)
        await seen.look(place.path)
        return change.found
      })
      return `Edited ${place.relative}: ${found === 1 ? 'one place' : `${found} places`}`
    },
  }
}

function replaced(before: string, edit: FileToolInput<'Edit'>): { text: string; found: number } {
  if (edit.old_string === edit.new_string)
    throw refusal(edit.file_path, 'old_string and new_string are equal')
  const pieces = before.split(edit.old_string)
  const found = pieces.length - 1
  if (found === 0) throw refusal(edit.file_path, 'old_string does not occur in it')
  if (found > 1 && !edit.replace_all) {
    const why = `old_string occurs ${found} times, expected one; add lines around it or set replace_all`
    throw refusal(edit.file_path, why)
  }
  return { text: pieces.join(edit.new_string), found }
}

async function contentOf(path: string, asked: string): Promise<string> {
  const size = await sizeOf(path)
  if (size === undefined) throw refusal(asked, 'no such file')
  if (size > MAX_BYTES) throw refusal(asked, `it has ${size} bytes, expected at most ${MAX_BYTES}`)
  const text = textOf(await readFile(path))
  if (text === undefined) throw refusal(asked, 'expected UTF-8 text')
  return text
}

function refusal(path: string, why: string): Error {
  return new Error(`Cannot edit ${JSON.stringify(path)}: ${why}`)
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}

/** Undefined for bytes that would not come back the same. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
