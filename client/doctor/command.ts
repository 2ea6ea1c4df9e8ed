import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { painter, wantsColour } from '../tui/colour.ts'
import { examine } from './doctor.ts'
import type { Finding } from './finding.ts'

interface Flags {
  readonly base: string
  readonly modelUrl?: string
  readonly format: 'pretty' | 'json'
}

/** How the addresses that `mill run` takes are read. */
export interface Addresses {
  readonly defaultBase: string
  readonly parse: (text: string) => string
}

const HELP = `
Ends with 1 when a run could not begin. No key is ever shown.

Examples:
  $ mill doctor
  $ mill doctor ../my-app --base http://localhost:8765/channels/main
  $ mill doctor --model-url http://localhost:11434/v1 --format json`

/** `mill doctor`. */
export function doctorCommand(io: CliIo, { defaultBase, parse }: Addresses): Command {
  return new Command('doctor')
    .description('Tell whether a run could begin here, which harnesses can be used, and what is missing')
    .argument('[app]', 'folder of the app', '.')
    .option('--base <url>', 'server, or one channel of it', parse, defaultBase)
    .option('--model-url <url>', 'an endpoint for the harness "ai" that speaks as OpenAI does', parse)
    .addOption(
      new Option('--format <format>', 'for people or programs').choices(['pretty', 'json']).default('pretty'),
    )
    .addHelpText('after', HELP)
    .action(async (app: string, { format, ...flags }: Flags) => {
      const findings = await examine({ ...flags, app: resolve(io.cwd, app) }, io)
      const isReady = findings.every(({ status }) => status !== 'problem')
      io.stdout.write(format === 'json' ? `${JSON.stringify({ isReady, findings })}\n` : pretty(findings, io))
      io.exit(isReady ? EXIT.ok : EXIT.problems)
    })
}

const MARKS = {
  ok: ['ok', 'green'],
  note: ['note', 'yellow'],
  problem: ['problem', 'red'],
} as const

function pretty(findings: readonly Finding[], { env, stdout }: CliIo): string {
  const paint = painter(wantsColour(env, stdout.isTTY === true))
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  const lines = findings.flatMap(({ subject, status, found, fix }) => {
    const [word, colour] = MARKS[status]
    const line = `${paint(word.padEnd(7), colour)}  ${subject.padEnd(width)}  ${found}`
    return fix === undefined ? [line] : [line, `${' '.repeat(11 + width)}${paint(fix, 'bold')}`]
  })
  return `${lines.join('\n')}\n`
}
