/** A command of the allow-list, split into words. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** A program that must be there in `node_modules/.bin`, so that nothing is fetched to run it. */
  readonly local?: string
  /** A file the command reads, to be checked like any other. */
  readonly file?: string
}

export type CommandVerdict =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly reason: string }

const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun']
const INSTALL_FLAGS = [
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--ignore-scripts',
  '--legacy-peer-deps',
  '--frozen-lockfile',
  '--no-frozen-lockfile',
  '--silent',
]
const RUNNERS: readonly (readonly string[])[] = [['npx'], ['npx', '--no'], ['pnpm', 'exec'], ['yarn', 'exec']]
const LOCAL_PROGRAMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  tsc: [['--noEmit'], ['--noEmit', '--pretty', 'false'], ['--version']],
  next: [['build'], ['typegen'], ['--version']],
}
const SCRIPT = /^[a-z0-9][a-z0-9:_-]{0,60}$/i

/** What an agent may run, as one sentence. */
export const ALLOWED_COMMANDS =
  'npm, pnpm, yarn or bun with "install", "ci" or "run <script>"; npx or "pnpm exec" with an installed tsc or next; "node --check <file>"; "--version" of these'

/** Reads a command as words and decides whether an agent may run it. There is no shell behind it. */
export function parseCommand(text: string): CommandVerdict {
  const words = split(text)
  if (typeof words === 'string') return { ok: false, reason: `Cannot run ${JSON.stringify(text)}: ${words}` }
  const command = allowed(words)
  if (command) return { ok: true, command }
  return { ok: false, reason: `Cannot run ${JSON.stringify(text)}: expected ${ALLOWED_COMMANDS}` }
}

function split(text: string): readonly string[] | string {
  const words: string[] = []
  let rest = text.replace(/^ +| +$/g, '')
  while (rest !== '') {
    const match = /^(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?: +|$)/.exec(rest)
    if (!match) return 'expected words separated by spaces, with plain quotes at most'
    const word = match[1] ?? match[2] ?? match[3] ?? ''
    if (!/^[\w@%+=:,./-]+$/.test(word)) return `expected no shell syntax, found it in ${JSON.stringify(word)}`
    words.push(word)
    rest = rest.slice(match[0].length)
  }
  return words.length > 0 ? words : 'it is empty'
}

function allowed(words: readonly string[]): Command | undefined {
  const [program = '', ...args] = words
  return (
    versionOf(program, args) ?? nodeCheck(program, args) ?? managed(program, args) ?? locallyInstalled(words)
  )
}

function versionOf(program: string, args: readonly string[]): Command | undefined {
  const known = program === 'node' || MANAGERS.includes(program)
  return known && args.length === 1 && args[0] === '--version' ? { program, args } : undefined
}

function nodeCheck(program: string, args: readonly string[]): Command | undefined {
  const [flag, file, ...more] = args
  if (program !== 'node' || flag !== '--check' || file === undefined || more.length > 0) return undefined
  return /^[\w@][\w@./-]*\.[cm]?js$/.test(file) ? { program, args, file } : undefined
}

function managed(program: string, args: readonly string[]): Command | undefined {
  if (!MANAGERS.includes(program)) return undefined
  const [verb, ...more] = args
  if (verb === 'install' || (verb === 'ci' && program === 'npm')) {
    return more.every((flag) => INSTALL_FLAGS.includes(flag)) ? { program, args } : undefined
  }
  if (verb === 'test') return more.length === 0 ? { program, args } : undefined
  const [script = ''] = more
  return verb === 'run' && more.length === 1 && SCRIPT.test(script) ? { program, args } : undefined
}

function locallyInstalled(words: readonly string[]): Command | undefined {
  for (const runner of RUNNERS) {
    const local = words[runner.length] ?? ''
    if (!runner.every((word, index) => words[index] === word)) continue
    if (!Object.hasOwn(LOCAL_PROGRAMS, local)) continue
    const given = words.slice(runner.length + 1)
    const known = LOCAL_PROGRAMS[local]?.some((line) => line.join(' ') === given.join(' '))
    if (known) return { program: words[0] ?? '', args: words.slice(1), local }
  }
  return undefined
}
