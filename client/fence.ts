import { TOOLS } from '../schemas/agent-prompt.ts'
import type { Decision, ToolCall } from './harness/harness.ts'
import { envPlace } from './tools/env/env-file.ts'
import { parseCommand } from './tools/files/command.ts'
import { type FileToolName, isFileTool, parseInput } from './tools/files/input.ts'
import { type Place, placeInside } from './tools/files/inside.ts'
import { foldedName, holdsSecrets, segmentsOf } from './tools/files/names.ts'

export interface FenceOptions {
  /** The app's folder. */
  readonly app: string
  /** Absolute path of this run's folder, inside `app`. */
  readonly runFolder: string
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

type Access = 'read' | 'write'

/** Folders of the run folder that the run itself writes. */
const WRITTEN_BY_THE_RUN = ['handoffs', 'skills']
/** Folder of the run folder in which programs that run agents keep what is theirs. */
const OF_HARNESSES = 'harness'

/**
 * The one judge of tool calls, whatever the harness. Deny by default, deny wins, and whatever cannot be
 * understood is denied. Never rejects.
 */
export function fence(options: FenceOptions): (call: ToolCall) => Promise<Decision> {
  return async (call) => {
    try {
      const { tool, input } = call
      const reason =
        refusalOfName(options, tool) ??
        (await (isFileTool(tool) ? refusal(options, tool, input) : refusalOfEnvFile(options, tool, input)))
      return reason ? { allow: false, reason } : { allow: true }
    } catch (error) {
      return { allow: false, reason: error instanceof Error ? error.message : 'Cannot understand the call' }
    }
  }
}

function refusalOfName({ allow, deny }: FenceOptions, tool: unknown): string | undefined {
  const shown = JSON.stringify(tool)
  if (typeof tool !== 'string' || !TOOLS.some((known) => known === tool)) {
    return `Cannot use ${shown}: there is no such tool`
  }
  if (deny.includes(tool)) return `Cannot use ${shown}: it is denied to this task`
  // A task that may not report could never end well.
  if (tool === 'complete_task' || allow.includes(tool)) return undefined
  return `Cannot use ${shown}: it is not among this task's tools: ${allow.join(', ') || 'none'}`
}

function refusal(options: FenceOptions, tool: FileToolName, input: unknown): Promise<string | undefined> {
  switch (tool) {
    case 'Read':
      return refusalOfPath(options, parseInput(tool, input).file_path, 'read')
    case 'Write':
    case 'Edit':
      return refusalOfPath(options, parseInput(tool, input).file_path, 'write')
    case 'Grep': {
      const { path, glob } = parseInput(tool, input)
      return refusalOfSearch(options, path, glob)
    }
    case 'Glob': {
      const { path, pattern } = parseInput(tool, input)
      return refusalOfSearch(options, path, pattern)
    }
    case 'Bash':
      return refusalOfCommand(options, parseInput(tool, input).command)
  }
}

async function refusalOfPath(
  options: FenceOptions,
  path: string,
  access: Access,
): Promise<string | undefined> {
  const refuse = (why: string) => `Cannot ${access} ${JSON.stringify(path)}: ${why}`
  if (path.endsWith('/')) return refuse('expected a file, not a folder')
  const place = await placeInside(options.app, path)
  const why = await closed(options, place, access)
  return why === undefined ? undefined : refuse(why)
}

async function refusalOfSearch(
  options: FenceOptions,
  path: string | undefined,
  pattern: string | undefined,
): Promise<string | undefined> {
  const parts = pattern === undefined ? [] : segmentsOf(pattern)
  if (pattern?.startsWith('/') || parts.some((part) => foldedName(part) === '..')) {
    return `Cannot search ${JSON.stringify(pattern)}: expected a pattern relative to the project, without ".."`
  }
  const place = await placeInside(options.app, path ?? '.')
  const why = await closed(options, place, 'read')
  return why === undefined ? undefined : `Cannot search ${JSON.stringify(path)}: ${why}`
}

async function refusalOfCommand(options: FenceOptions, text: string): Promise<string | undefined> {
  const verdict = parseCommand(text)
  if (!verdict.ok) return verdict.reason
  const { file } = verdict.command
  return file === undefined ? undefined : refusalOfPath(options, file, 'read')
}

/** The tools for environment values alone get at files of them, and at nothing else. */
async function refusalOfEnvFile({ app }: FenceOptions, tool: string, input: unknown): Promise<undefined> {
  if (tool !== 'set_env_values' && tool !== 'check_env_keys') return
  if (typeof input !== 'object' || input === null || !('file' in input)) return
  await envPlace(app, String(input.file))
}

/** Why a place inside the app is closed all the same. Asked of the path as given and of what it leads to. */
async function closed(options: FenceOptions, place: Place, access: Access): Promise<string | undefined> {
  const run = await placeInside(options.app, options.runFolder)
  for (const path of [place.asked, place.relative]) {
    const why = closedByName(path, access) ?? closedByRun(path, run, access)
    if (why !== undefined) return why
  }
  return undefined
}

function closedByName(path: string, access: Access): string | undefined {
  const names = path.split('/').map(foldedName)
  if (path.split('/').some(holdsSecrets)) return 'environment values are closed, ".env.example" is open'
  if (names.some((name) => name === '.git' || /^git~\d$/.test(name))) return 'the repository itself is closed'
  if (access === 'write' && names.includes('node_modules')) return 'installed packages are not edited'
  return undefined
}

/** Of `.mill/` an agent sees its own run's folder, and writes only into folders there that the run leaves alone. */
function closedByRun(path: string, run: Place, access: Access): string | undefined {
  const names = path.split('/').map(foldedName)
  if (!names.includes('.mill')) return undefined
  const below = [run.asked, run.relative]
    .filter((own) => path === own || path.startsWith(`${own}/`))
    .map((own) => path.slice(own.length + 1))
  const [own] = below
  if (own === undefined) return "only this run's own folder below .mill is open"
  const [folder = '', ...more] = own.split('/')
  if (foldedName(folder) === OF_HARNESSES) return 'what runs agents is closed to them'
  if (access === 'read') return undefined
  const free = more.length > 0 && !WRITTEN_BY_THE_RUN.includes(foldedName(folder))
  return free ? undefined : "the run's own records are not written by agents"
}
