import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { newKey } from '../signing/keys.ts'

const PRIVATE = 'mill-signing-key.pem'
const PUBLIC = 'mill-signing-key.pub'

const HELP = `
Writes ${PRIVATE}, readable by you alone, and ${PUBLIC}, one line that readers pin. Neither replaces a file
that is there. The private key is never printed; keep it out of version control.

Signed are the pointers of channels: name, release, serial, commit, time and end. The release names every byte below it.
Which channels there are, which one answers at /, branch names, states and findings are not signed.

Examples:
  $ mill keygen --out ~/.mill-keys
  $ mill serve --sign ~/.mill-keys/${PRIVATE} --expires 12h
  $ mill verify http://localhost:8765 --key ~/.mill-keys/${PUBLIC}`

/** `mill keygen`: a key that pointers are signed with. */
export function keygenCommand(io: CliIo): Command {
  return new Command('keygen')
    .description('Make a key that the pointers of channels are signed with')
    .option('--out <dir>', 'folder to write both halves to', '.')
    .addHelpText('after', HELP)
    .action(({ out }: { readonly out: string }) => run(io, out))
}

async function run(io: CliIo, out: string): Promise<void> {
  const dir = resolve(io.cwd, out)
  const { privateText, publicLine } = newKey()
  await mkdir(dir, { recursive: true }).catch(refuse(out))
  const fresh = { flag: 'wx', flush: true }
  await writeFile(join(dir, PRIVATE), privateText, { ...fresh, mode: 0o600 }).catch(
    refuse(join(out, PRIVATE)),
  )
  await writeFile(join(dir, PUBLIC), `${publicLine}\n`, { ...fresh, mode: 0o644 }).catch(
    refuse(join(out, PUBLIC)),
  )
  io.stdout.write(`${publicLine}\n`)
  io.stderr.write(`Keep ${join(out, PRIVATE)} to yourself; give readers ${join(out, PUBLIC)}\n`)
}

function refuse(named: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    const taken = cause.code === 'EEXIST'
    const code = taken ? 'keygen/exists' : 'keygen/unwritable'
    const wanted = taken
      ? 'it is there already, expected a folder without a key'
      : `${cause.code}, expected a writable folder`
    throw new CommandError(code, `Cannot write "${named}": ${wanted}`, { exit: EXIT.usage, cause })
  }
}
