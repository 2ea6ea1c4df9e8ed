import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bootstrap } from '../../../client/bootstrap/bootstrap.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { type FlowContent, prompt, serveFlow } from '../flow-server.ts'

/** A run without a key: what a menu promises is all there is to go by. */
async function attacked(content: FlowContent): Promise<unknown> {
  const room = mkdtempSync(join(tmpdir(), 'mill-menus-'))
  const server = await serveFlow(content)
  onTestFinished(() => {
    server.close()
    rmSync(room, { recursive: true, force: true })
  })
  const app = join(room, 'app')
  const error: unknown = await bootstrap({
    ...{ base: server.base, flow: 'demo', framework: 'nextjs', app, skillsFolder: join(app, 'skills') },
    ...{ signal: new AbortController().signal, pauseMs: 1 },
  }).catch((thrown: unknown) => thrown)
  expect(readdirSync(room)).toEqual([])
  expect(existsSync(app)).toBe(false)
  expect(server.asked.length).toBeLessThanOrEqual(6)
  return error
}

/** Changes the menu of skills; `entry` stands for the first of them. */
const inSkills =
  (change: (entry: Record<string, unknown>) => unknown): Required<FlowContent>['tamper'] =>
  (path, body) => {
    if (!path.endsWith('skill-menu.json')) return body
    const menu = JSON.parse(body.toString())
    menu.categories.zips[0] = change(menu.categories.zips[0])
    return Buffer.from(JSON.stringify(menu))
  }
const url = (downloadUrl: unknown) => ({ tamper: inSkills((entry) => ({ ...entry, downloadUrl })) })
const without = (name: string) => ({
  tamper: inSkills(({ [name]: _, ...entry }) => entry),
})
const zip = 'integration-init-nextjs.zip'

const ATTACKS: readonly (readonly [string, string, FlowContent])[] = [
  [
    'an id that climbs',
    'run/menu-invalid',
    { tamper: inSkills((entry) => ({ ...entry, id: '../../../escaped' })) },
  ],
  ['an id with a NUL', 'run/menu-invalid', { tamper: inSkills((entry) => ({ ...entry, id: 'a\0b' })) }],
  ['an id that is hidden', 'run/menu-invalid', { tamper: inSkills((entry) => ({ ...entry, id: '.git' })) }],
  ['a download from another host', 'run/foreign-url', url('http://evil.example/x.zip')],
  ['a download from another port', 'run/foreign-url', url('http://127.0.0.1:1/x.zip')],
  ['a download from a file', 'run/foreign-url', url('file:///etc/passwd')],
  ['a download of its own words', 'run/foreign-url', url('data:application/zip;base64,UEsFBg==')],
  ['a download without a host', 'run/menu-invalid', url('/x.zip')],
  ['no digest', 'run/menu-invalid', without('digest')],
  ['no size', 'run/menu-invalid', without('size')],
  [
    'a digest of another kind',
    'run/menu-invalid',
    { tamper: inSkills((entry) => ({ ...entry, digest: 'ab'.repeat(20) })) },
  ],
  [
    'a digest of the packed bytes',
    'run/digest-mismatch',
    {
      tamper: inSkills((entry) => ({ ...entry, digest: digestOf(gzipSync('x')) })),
    },
  ],
  ['a size that is too small', 'run/too-large', { tamper: inSkills((entry) => ({ ...entry, size: 1 })) }],
  [
    'a size that is too large',
    'run/digest-mismatch',
    { tamper: inSkills((entry) => ({ ...entry, size: 9999 })) },
  ],
  [
    'a size beyond all measure',
    'run/too-large',
    { tamper: inSkills((entry) => ({ ...entry, size: 2 ** 40 })) },
  ],
  [
    '100,000 skills',
    'run/too-large',
    {
      tamper: (path, body) => {
        if (!path.endsWith('skill-menu.json')) return body
        const menu = JSON.parse(body.toString())
        menu.categories.zips = Array.from({ length: 100_000 }, (_, at) => ({
          ...menu.categories.zips[0],
          id: `x${at}`,
        }))
        return Buffer.from(JSON.stringify(menu))
      },
    },
  ],
  ['a menu of another release', 'run/menu-invalid', { skillMenuVersion: 'r2' }],
  [
    'a release elsewhere',
    'run/foreign-url',
    { menu: (menu) => ({ ...menu, releaseUrl: 'http://evil.example/' }) },
  ],
  [
    'an archive that is a page',
    'run/digest-mismatch',
    {
      tamper: (path, body) => (path.endsWith(zip) ? Buffer.alloc(body.length, '<') : body),
    },
  ],
  [
    '300 skills for one flow',
    'run/too-large',
    {
      archives: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`s${at}`, null])),
      bundles: {},
      agents: {
        plan: prompt('plan', 'seed: true'),
        all: prompt('all', `skills: [${Array.from({ length: 300 }, (_, at) => `s${at}`).join(', ')}]`),
      },
    },
  ],
]

describe('a run without a key refuses', () => {
  test.each(ATTACKS)('%s', async (_name, code, content) => {
    expect(await attacked(content)).toMatchObject({ code })
  })
})
