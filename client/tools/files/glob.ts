import picomatch from 'picomatch'
import type { HostTool } from '../../harness/harness.ts'
import { inputSchema, parseInput } from './input.ts'
import { placeInside } from './inside.ts'
import { walk } from './walk.ts'

const MAX_PATHS = 500

/** Lists files of the project by a pattern. */
export function globTool(cwd: string): HostTool {
  return {
    name: 'Glob',
    description: `List files of the project that match a pattern, at most ${MAX_PATHS}. Installed and generated folders are left out.`,
    input: inputSchema('Glob'),
    run: async (input, signal) => {
      const { pattern, path } = parseInput('Glob', input)
      const place = await placeInside(cwd, path ?? '.')
      const found = await filesLike(pattern, place.path, signal)
      if (found.length === 0) return `(no file matches ${JSON.stringify(pattern)})`
      const shown = found
        .slice(0, MAX_PATHS)
        .map((file) => (place.relative ? `${place.relative}/${file}` : file))
      return [...shown, ...(found.length > MAX_PATHS ? [`(more than ${MAX_PATHS} files match)`] : [])].join(
        '\n',
      )
    },
  }
}

async function filesLike(pattern: string, root: string, signal: AbortSignal): Promise<readonly string[]> {
  const matches = picomatch(pattern, { dot: true, noextglob: true })
  const found: string[] = []
  for await (const file of walk(root)) {
    signal.throwIfAborted()
    if (matches(file)) found.push(file)
    if (found.length > MAX_PATHS) break
  }
  return found
}
