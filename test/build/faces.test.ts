import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { renderFaces } from '../../build/faces.ts'
import { build } from '../../build/pipeline.ts'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import { digestOf } from '../../schemas/digest.ts'
import { manifestSchema } from '../../schemas/manifest.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'

const BASE = 'http://localhost:8765/v/x/'
const { release } = build(await discover(join(import.meta.dirname, '../fixtures/content-small')))
if (release === undefined) throw new Error('the small tree is not sound')
const faces = renderFaces(release, BASE)
const read = (name: string) => JSON.parse(new TextDecoder().decode(faces.get(name)?.bytes))

describe('renderFaces()', () => {
  test('writes menus that match their schemas and point below the base URL', () => {
    const agents = agentMenuSchema.parse(read('agent-menu.json'))
    const skills = skillMenuSchema.parse(read('skill-menu.json'))
    const manifest = manifestSchema.parse(read('manifest.json'))
    const entries = [...agents.agents, ...agents.flows, ...Object.values(skills.categories).flat()]
    expect(entries).toHaveLength(4 + 1 + 5)
    for (const { downloadUrl, digest, size } of entries) {
      const artifact = release.artifacts.get(downloadUrl.slice(BASE.length))
      expect(downloadUrl.startsWith(BASE)).toBe(true)
      expect([artifact?.digest, artifact?.bytes.length]).toEqual([digest, size])
    }
    expect(agents.releaseUrl).toBe(BASE)
    expect([agents.buildVersion, skills.buildVersion, manifest.buildVersion]).toEqual([
      release.id,
      release.id,
      release.id,
    ])
    expect(agents.agents.map(({ id }) => id)).toEqual(['greet', 'note', 'report', 'seed'])
  })

  test('keeps slashes in categories, dashes in groups, and keys in the order clients were promised', () => {
    const { categories, cliEntries } = read('skill-menu.json')
    expect(Object.keys(categories)).toEqual(['farewell', 'greeting', 'plain-notes', 'style/house-rules'])
    const integrity = ['digest', 'size']
    expect(Object.keys(categories.greeting[0])).toEqual([
      'id',
      'name',
      'group',
      'downloadUrl',
      'framework',
      ...integrity,
    ])
    expect(Object.keys(categories.farewell[0])).toEqual([
      'id',
      'name',
      'group',
      'bundle',
      'variants',
      'downloadUrl',
      ...integrity,
    ])
    expect(categories.farewell[0]).toMatchObject({
      id: 'farewell',
      name: 'Say goodbye in a Next.js app',
      bundle: true,
    })
    expect(categories['style/house-rules'][0]).toMatchObject({
      id: 'style-house-rules',
      group: 'style-house-rules',
    })
    expect(categories.greeting.map(({ id }: { id: string }) => id)).toEqual([
      'greeting-nextjs',
      'greeting-express',
    ])
    expect(cliEntries.map(({ role, command }: Record<string, string>) => [role, command])).toEqual([
      ['command', 'express'],
      ['command', 'nextjs'],
      ['skill', undefined],
    ])
  })

  test('leaves bundled variants out of the manifest and gives every resource its own name and uri', () => {
    const { resources } = manifestSchema.parse(read('manifest.json'))
    expect(resources.map(({ id }) => id)).toEqual([
      'greeting-nextjs',
      'greeting-express',
      'plain-notes',
      'style-house-rules',
    ])
    expect(new Set(resources.map(({ name }) => name)).size).toBe(4)
    expect(new Set(resources.map(({ uri }) => uri)).size).toBe(4)
    expect(resources[0]?.uri).toBe('skill://small/greeting/greeting-nextjs')
    expect(resources[0]?.resource.text).toBe(`${BASE}greeting-nextjs.zip`)
  })

  test('packs manifest, skills and bundles into one archive, in that order', () => {
    const names = Object.keys(unzipSync(faces.get('skills-mcp-resources.zip')?.bytes ?? new Uint8Array()))
    expect(names[0]).toBe('manifest.json')
    expect(names.at(-1)).toBe('farewell.json')
    expect(names).toHaveLength(6)
  })

  test('serves the index as the very bytes that the release is named by', () => {
    expect(faces.get('release-index.json')?.digest).toBe(release.id)
    expect(renderFaces(release, 'https://example.com/').get('release-index.json')?.digest).toBe(release.id)
  })

  test('lists every file but the list itself with its digest, sorted', () => {
    const lines = new TextDecoder().decode(faces.get('SHA256SUMS')?.bytes).trimEnd().split('\n')
    const all = new Map([...release.artifacts, ...faces])
    all.delete('SHA256SUMS')
    expect(lines.map((line) => line.slice(66))).toEqual([...all.keys()].sort())
    for (const line of lines)
      expect(line).toBe(`${digestOf(all.get(line.slice(66))?.bytes ?? '')}  ${line.slice(66)}`)
  })

  test('gives the same bytes for the same address, and others only where an address stands', () => {
    expect(renderFaces(release, BASE)).toEqual(faces)
    expect(renderFaces(release, 'https://example.com/').get('manifest.json')?.digest).not.toBe(
      faces.get('manifest.json')?.digest,
    )
  })
})
