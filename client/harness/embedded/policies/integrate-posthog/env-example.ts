import { read, rewrite, undisturbed, write } from '../../agent.ts'
import type { PolicyTools } from '../../policy.ts'

const FILE = '.env.example'

export interface DocumentedKey {
  readonly name: string
  readonly comment: string
}

/** Names each variable in `.env.example`, with a comment and without a value. Answers with the file when it changed. */
export function documentKeys(tools: PolicyTools, keys: readonly DocumentedKey[]): Promise<readonly string[]> {
  return undisturbed(() => addMissing(tools, keys))
}

async function addMissing(tools: PolicyTools, keys: readonly DocumentedKey[]): Promise<readonly string[]> {
  const before = await read(tools, FILE)
  const missing = keys.filter(({ name }) => !new RegExp(`^#?\\s*${name}=`, 'm').test(before ?? ''))
  if (missing.length === 0) return []
  const added = missing.map(({ name, comment }) => `# ${comment}\n${name}=\n`).join('')
  if (before === undefined || before === '') {
    await write(tools, FILE, added)
  } else {
    await rewrite(tools, FILE, { before, after: `${before.trimEnd()}\n\n${added}` })
  }
  return [FILE]
}
