import { Command, InvalidArgumentError, Option } from 'commander'
import { type CliIo, EXIT } from '../../schemas/cli.ts'
import { readPublicKey } from '../signing/key-file.ts'
import type { Verdict } from '../verify/problem.ts'
import { readTarget } from '../verify/target.ts'
import { verifyTarget } from '../verify/verify.ts'

interface Flags {
  readonly key?: string
  readonly minSerial?: number
  readonly format: 'pretty' | 'json'
}

const HELP = `
Reads everything a client could read below the target and holds it against the release's name, which is the digest of
its index: every file, menu, link, list of digests, bundle and archive, and the pointer of each channel. Prints each
problem with its address, what was expected and what came; prints nothing when there is none. Needs no access to the
server or its store, and follows no link to another address.

With --key, pointers must be signed by that key. An expired pointer is a problem with and without it.

Examples:
  $ mill verify http://localhost:8765
  $ mill verify http://localhost:8765/channels/main --key mill-signing-key.pub
  $ mill verify https://example.com/mill --key ed25519:… --min-serial 12
  $ mill verify public --format json`

/** `mill verify`: everything that is served, from outside. */
export function verifyCommand(io: CliIo): Command {
  return new Command('verify')
    .description('Check every digest, menu, link, archive and signature of what is served, from outside')
    .argument('<target>', 'address of a server, a channel or a release of it, or a folder of mill publish')
    .option(
      '--key <key>',
      'public key that pointers must be signed with: its line, or the file that holds it',
    )
    .addOption(
      new Option('--min-serial <n>', 'a lower serial is a step back, and a problem').argParser(parseSerial),
    )
    .addOption(
      new Option('--format <format>', 'for people or programs').choices(['pretty', 'json']).default('pretty'),
    )
    .addHelpText('after', HELP)
    .action((target: string, flags: Flags) => run(io, target, flags))
}

async function run(io: CliIo, named: string, { key, minSerial, format }: Flags): Promise<void> {
  const trust = {
    key: key === undefined ? undefined : await readPublicKey(key, io.cwd),
    minSerial,
    now: new Date(),
  }
  const target = await readTarget(named, { cwd: io.cwd, signal: io.signal })
  const verdict = await verifyTarget(target, trust)
  io.stdout.write(format === 'json' ? `${JSON.stringify({ target: named, ...verdict })}\n` : listed(verdict))
  const { problems, channels, releases, files } = verdict
  io.stderr.write(
    `${files} files of ${releases} releases and ${channels} channels verified, ${problems.length} problems\n`,
  )
  if (problems.length > 0) io.exit(EXIT.problems)
}

/** Text that came from outside shows no control or direction characters. */
function listed({ problems }: Verdict): string {
  const lines = problems.map(
    ({ code, url, expected, came }) => `${url}  ${code}  expected ${expected}, came ${came}`,
  )
  return lines.map((line) => `${line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')}\n`).join('')
}

function parseSerial(text: string): number {
  const serial = Number(text)
  if (/^[1-9][0-9]{0,8}$/.test(text)) return serial
  throw new InvalidArgumentError(`Cannot use "${text}": expected a whole number from 1 on`)
}
