import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChannelStatus } from '../../../schemas/channel.ts'
import { mill } from '../../house/mill.ts'
import { fc } from '../../properties.ts'
import { keptScratch } from './kept-scratch.ts'
import { filesBelow, problemsOf, replace } from './published.ts'
import { runMill } from './run-mill.ts'

const kept = keptScratch()
const site = join(kept.dir, 'site')
const keyFile = join(kept.dir, 'keys/mill-signing-key.pem')
const publicFile = join(kept.dir, 'keys/mill-signing-key.pub')
let release = ''

beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../../fixtures/content-small'), join(kept.dir, 'content'), {
    recursive: true,
  })
  await runMill(['keygen', '--out', 'keys'], kept.dir)
  const flags = ['--base-url', 'http://mill.test/here', '--sign', keyFile, '--expires', '30d', '--offline']
  const { code, out, err } = await runMill(['publish', '--to', 'site', ...flags], kept.dir)
  expect(`${out}${err}${code}`).toMatch(/0$/)
  release = status().pointer?.release ?? ''
})
afterAll(kept.remove)

function status(): ChannelStatus {
  return JSON.parse(readFileSync(join(site, 'channels/dev.json'), 'utf8'))
}

/**
 * Changes the byte that follows the words where they stand first; without words, one in the middle. What may stand in
 * base64 becomes a digit, so that what was a name, a digest or base64 still looks like one, whatever key is drawn.
 */
function change(words?: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    if (words !== undefined && !bytes.includes(words)) throw new Error(`"${words}" is not there`)
    const at = words === undefined ? Math.floor(bytes.length / 2) : bytes.indexOf(words) + words.length
    const byte = bytes[at] ?? 0
    const digit = byte === 0x30 ? 0x31 : 0x30
    bytes[at] = /[0-9A-Za-z+/]/.test(String.fromCharCode(byte)) ? digit : byte ^ 1
    return bytes
  }
}

describe('mill verify of an untouched folder', () => {
  test('is silent, for all of it, a channel and a release', async () => {
    for (const target of ['site', 'site/', 'site/channels/dev', `site/v/${release}`]) {
      const { out, code, error } = await runMill(['verify', target, '--key', publicFile], kept.dir)
      expect([out, code, error], target).toEqual(['', 0, undefined])
    }
  })

  test('is silent for what mill build writes', async () => {
    await mill(
      ['build', '--content', 'content', '--offline', '--out', 'dist', '--base-url', 'http://x.test/y'],
      {
        cwd: kept.dir,
      },
    )
    expect(await problemsOf(join(kept.dir, 'dist'))).toEqual([])
  })
})

/** One byte of a file, and the code of what `mill verify` says of it first. */
const TAMPERED: readonly (readonly [path: string, words: string | undefined, code: string])[] = [
  ['v/*/agents-hello-greet.md', undefined, 'prompt'],
  ['v/*/agents-hello.json', undefined, 'flow'],
  ['v/*/greeting-nextjs.zip', undefined, 'zip'],
  ['v/*/greeting-express.zip', 'PK', 'zip'],
  ['v/*/plain-notes.zip', 'SKILL.m', 'zip'],
  ['v/*/farewell.json', undefined, 'bundle'],
  ['v/*/release-index.json', undefined, 'index'],
  ['v/*/agent-menu.json', '"digest": "', 'agent-menu'],
  ['v/*/agent-menu.json', '"buildVersion": "', 'agent-menu'],
  ['v/*/agent-menu.json', '"releaseUrl": "http://mil', 'link'],
  ['v/*/agent-menu.json', '{', 'agent-menu'],
  ['v/*/agent-menu.json', '"size": ', 'agent-menu'],
  ['v/*/skill-menu.json', '"group": "', 'skill-menu'],
  ['v/*/skill-menu.json', '/greeting-', 'link'],
  ['v/*/skill-menu.json', '', 'skill-menu'],
  ['v/*/manifest.json', '"uri": "', 'manifest'],
  ['v/*/manifest.json', '"file": "', 'manifest'],
  ['v/*/manifest.json', '"text": "http://', 'link'],
  ['v/*/skills-mcp-resources.zip', undefined, 'archive'],
  ['v/*/skills-mcp-resources.zip', 'PK', 'archive'],
  ['v/*/SHA256SUMS', undefined, 'sums'],
  ['v/*/SHA256SUMS', '', 'sums'],
  ['v/*/SHA256SUMS', '  agent-menu.', 'sums'],
  ['v/*/agents/agents-hello-seed.md', undefined, 'alias'],
  ['v/*/skills/manifest.json', undefined, 'alias'],
  ['channels/dev/agent-menu.json', undefined, 'copy'],
  ['channels/dev/skills/farewell.json', undefined, 'copy'],
  ['SHA256SUMS', undefined, 'copy'],
  ['greeting-nextjs.zip', undefined, 'copy'],
  ['channels/dev.json', '"value": "', 'signature'],
  ['channels/dev.json', '"value": ', 'pointer'],
  ['channels/dev.json', '"serial": ', 'pointer'],
  ['channels/dev.json', '"expires": "', 'signature'],
  ['channels/dev.json', '"publishedAt": "202', 'signature'],
  ['channels/dev.json', '"key": "', 'wrong-key'],
  ['channels/dev.json', '"channel": "', 'pointer'],
  ['channels.json', '"root": "', 'list'],
  ['channels.json', '"release": "', 'list'],
  ['channels.json', '', 'list'],
]

describe('mill verify of a folder with one byte changed', () => {
  test.each(TAMPERED)('%s at %j is %s', async (path, words, code) => {
    const restore = replace(site, path.replace('*', release), change(words))
    try {
      const [first, ...others] = await problemsOf(site, '--key', publicFile)
      expect([first, ...others].map((problem) => problem?.code)).toContain(`verify/${code}`)
      expect(first?.url).toContain(path.split('/*/').at(-1))
      expect(first?.expected).not.toBe(first?.came)
    } finally {
      restore()
    }
  })

  test('finds the change wherever it is', async () => {
    const files = filesBelow(site).filter((path) => path !== '.mill-lock')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (path, at, mask) => {
          const restore = replace(site, path, (bytes) => {
            bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask
            return bytes
          })
          try {
            const problems = await problemsOf(site, '--key', publicFile)
            // What stands beside a pointer in its file, such as a branch, is not signed.
            if (problems.length === 0) expect(path).toMatch(/^channels(\/dev)?\.json$/)
          } finally {
            restore()
          }
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  test('a file that is gone is told with its address', async () => {
    const file = join(site, 'v', release, 'farewell.json')
    const before = readFileSync(file)
    rmSync(file)
    expect(await problemsOf(site)).toContainEqual(
      expect.objectContaining({ code: 'verify/missing', url: file, came: 'no file' }),
    )
    writeFileSync(file, before)
  })
})
