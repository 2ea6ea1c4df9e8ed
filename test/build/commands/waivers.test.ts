import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KEY } from '../lint/served-tree.ts'
import { mill, withContent, write } from './mill.ts'

const PATH = 'content/skills/plain-notes/references/keys.md'
const ADDED = 'content/skills/plain-notes/SKILL.md'

async function json(dir: string) {
  const { out } = await mill(dir, 'check', '--format', 'json')
  return JSON.parse(out).diagnostics as { code: string; path: string; fix?: { description: string } }[]
}
const codes = async (dir: string) => (await json(dir)).map(({ code, path }) => `${code} ${path}`)

test('a waived secret is served, until its text changes; then the waiver is stale and nothing is served', async () => {
  const dir = withContent()
  const skill = readFileSync(join(dir, ADDED), 'utf8')
  write(dir, { [PATH]: `# Keys\n\nThe old demo key was ${KEY}.\n`, [ADDED]: skill })
  const refused = await mill(dir, 'build', '--out', 'dist')
  expect([refused.code, refused.out.includes('safety/secret')]).toEqual([1, true])
  expect(refused.out).not.toContain(KEY)

  // The finding tells all that a waiver says.
  const [finding] = await json(dir)
  const digest = /[0-9a-f]{64}/.exec(finding?.fix?.description ?? '')?.[0]
  const waiver = `- rule: safety/secret\n  path: skills/plain-notes/references/keys.md\n  digest: ${digest}\n  reason: a key of a demo that was switched off\n`
  write(dir, { 'content/waivers.yaml': waiver })
  expect(await mill(dir, 'build', '--out', 'dist')).toMatchObject({ code: 0 })
  expect(readFileSync(join(dir, 'dist/skill-menu.json'), 'utf8')).toContain('plain-notes')

  write(dir, { [PATH]: `# Keys\n\nThe new demo key is ${KEY.slice(0, -4)}XyZ9.\n` })
  expect(await codes(dir)).toEqual([`safety/secret ${PATH}`, 'waivers/stale content/waivers.yaml'])
  expect(await mill(dir, 'build', '--out', 'other')).toMatchObject({ code: 1 })

  write(dir, { [PATH]: '# Keys\n\nNone.\n' })
  expect(await codes(dir)).toEqual(['waivers/stale content/waivers.yaml'])
  expect(await mill(dir, 'check')).toMatchObject({ code: 0 })
})
