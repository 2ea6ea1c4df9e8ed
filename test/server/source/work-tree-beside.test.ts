import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { contentFolder, scratch, write } from '../scratch.ts'
import { eventually, type Running, running } from '../serving.ts'

const shown = (...apps: readonly string[]) => ({
  'skills/shown/template.md': '# {display_name}\n\n{references}\n',
  'skills/shown/config.yaml': `type: skill\ntemplate: template.md\ndescription: Shown\nvariants:\n  - id: all\n    display_name: Shown\n    example_paths: [${apps.join(', ')}]\n`,
})

async function example(server: Running): Promise<string> {
  const zip = await server.get('/channels/dev/shown.zip')
  if (zip.status !== 200) return String(zip.status)
  const files = unzipSync(Buffer.from(await zip.arrayBuffer()))
  return Buffer.from(files['references/EXAMPLE.md'] ?? []).toString()
}

test('serve() in watch mode answers what was saved in an example app, also one that came later', async () => {
  const dir = scratch()
  const content = contentFolder(dir)
  write(dir, { 'apps/a/main.ts': 'first()\n' })
  write(content, shown('apps/a'))
  const server = await running(content, { watch: true })
  expect(await example(server)).toContain('first()')
  for (const text of ['second()', 'third()']) {
    write(dir, { 'apps/a/main.ts': `${text}\n`, 'apps/a/deep/new.ts': `${text}\n` })
    await eventually(
      () => example(server),
      (now) => now.split(text).length === 3,
    )
  }
  write(content, shown('apps/later'))
  await eventually(
    async () => (await server.channels()).channels[0]?.status,
    (status) => status === 'stale',
  )
  write(dir, { 'apps/later/main.ts': 'late()\n' })
  await eventually(
    () => example(server),
    (now) => now.includes('late()'),
  )
  expect(server.bugs).toEqual([])
})

test('serve() in watch mode answers what was saved in documents beside its content', async () => {
  const dir = scratch()
  const content = contentFolder(dir)
  write(dir, { 'notes/a.md': '# First\n', 'notes/b.md': '# Second\n' })
  const docs = (id: string, url: string) =>
    `- {id: ${id}, display_name: ${id}, description: Notes., release_asset: true, urls: ["${url}"]}\n`
  write(content, { 'docs.yaml': docs('a', '../notes/a.md') + docs('b', `file://${dir}/notes/b.md`) })
  const server = await running(content, { watch: true })
  const both = async () => {
    const texts = ['a', 'b'].map(async (id) => (await server.get(`/channels/dev/${id}.md`)).text())
    return (await Promise.all(texts)).join('')
  }
  expect(await both()).toContain('# First')
  write(dir, { 'notes/a.md': '# Third\n', 'notes/b.md': '# Fourth\n' })
  await eventually(both, (now) => now.includes('# Third') && now.includes('# Fourth'))
  expect(server.bugs).toEqual([])
})
