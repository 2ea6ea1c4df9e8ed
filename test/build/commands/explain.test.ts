import { expect, test } from 'vitest'
import { FIXTURES, FULL, mill, SMALL, scratch, withContent, write } from './mill.ts'

test('mill explain tells of skills, bundled ones too, of prompts and of documents', async () => {
  const dir = scratch()
  const docs = ['--content', FULL, '--docs-from', `${FIXTURES}/docs`]
  const skill = await mill(dir, 'explain', 'integration-install-nextjs', ...docs)
  expect(skill.out).toMatch(/document +https:\/\/docs\.lantern\.example\/web\/setup\.md:1-3\n/)
  expect(skill.out).toMatch(/example +\.\.\/example-apps\/guestbook-next\n/)
  expect(skill.out).toMatch(/template +skills\/integration\/install\/template\.md:1\n/)
  const bundled = JSON.parse(
    (await mill(dir, 'explain', 'farewell-nextjs', '--content', SMALL, '--format', 'json')).out,
  )
  expect(bundled).toMatchObject({ name: 'farewell-nextjs', artifact: 'farewell.json' })
  expect(bundled.files[0].ranges[0]).toEqual({
    output: [1, 2],
    sources: [{ kind: 'generated', path: null, lines: null, note: 'frontmatter' }],
  })
})

test('mill explain refuses a name that nothing has, and shows what is broken then', async () => {
  const dir = scratch()
  const unknown = await mill(dir, 'explain', 'greting', '--content', SMALL)
  expect(unknown.error).toMatchObject({ code: 'explain/unknown', exit: 2 })
  expect(unknown.error?.message).toMatch(/^Cannot explain "greting": expected /)
  const broken = await mill(dir, 'explain', 'demo/task', '--content', `${FIXTURES}/broken/unknown-tool`)
  expect([broken.error?.code, broken.err.includes('validate/value')]).toEqual(['explain/unknown', true])
})

test('mill explain tells of what a baseline excuses, since it is served', async () => {
  const dir = withContent()
  write(dir, { 'content/skills/old/SKILL.md': '---\nname: old\ndescription: Old\nversion: 1\n---\n# Old\n' })
  expect((await mill(dir, 'explain', 'old')).error).toMatchObject({ code: 'explain/unknown' })
  await mill(dir, 'check', '--write-baseline')
  expect((await mill(dir, 'explain', 'old')).out).toMatch(/file +skills\/old\/SKILL\.md:1-\d\n/)
})
